import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError } from '../api/errors.ts';
import type { OffsetMap } from '../api/record.ts';
import { type ConnectorStatus, connectorStatus } from '../coordinator/status.ts';
import type { LogLine } from '../foundation/logger.ts';
import type { KafkaRecord } from '../kafka/ports.ts';
import { type Converters, createConverters } from '../pipeline/converters.ts';
import { storedPositions } from '../storage/items/cluster-state.ts';
import { arm, type Faults } from './faults.ts';
import { type KafkaMessage, toBytes, toKafkaHeaders } from './kafka-messages.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import { deadLetter, type DeadLetter, received, type ReceivedRecord } from './received-records.ts';
import type { Files, WorkFolder } from './work-folder.ts';

/** What happens before and in a run. */
export interface NextRun {
  /** Messages appended to topics first; a topic that is not there is made with the partitions its messages name. */
  readonly topics?: Readonly<Record<string, readonly KafkaMessage[]>>;
  /** Files written (again) first. */
  readonly files?: Files;
  readonly faults?: Faults;
  /** True: a failure is looked at in `status` instead of thrown. */
  readonly mayFail?: boolean;
}

export interface CommittedOffset {
  readonly partition: OffsetMap;
  readonly offset: OffsetMap;
}

export interface ConnectorRunParts {
  readonly cluster: MemoryCluster;
  readonly folder: WorkFolder;
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly workerConfig: ConnectorConfig;
}

/** A connector that has been run by `runConnector`: what came out, as plain data, and the way to run it again. */
export class ConnectorRun implements AsyncDisposable {
  /** After the last run. */
  status!: ConnectorStatus;
  /** Every committed offset: of a source its partitions, of a sink topic-partitions (the next record to read). */
  offsets: readonly CommittedOffset[] = [];
  readonly #parts: ConnectorRunParts;
  readonly #converters: Converters;
  /** End offsets of each partition before the last run. */
  #before = new Map<string, readonly bigint[]>();

  constructor(parts: ConnectorRunParts) {
    this.#parts = parts;
    this.#converters = createConverters(parts.config, parts.workerConfig, parts.cluster.registry);
  }

  /** The cluster underneath, for what this object does not show. */
  get cluster(): MemoryCluster {
    return this.#parts.cluster;
  }

  /** The temporary folder behind `${files:…}`. */
  get folder(): string {
    return this.#parts.folder.path;
  }

  /** Log lines from `info` up, of all runs. */
  get log(): readonly LogLine[] {
    return this.cluster.log;
  }

  /** Names of the topics that exist now. */
  get topics(): string[] {
    return [...this.cluster.kafka.topics.keys()];
  }

  /** What a topic holds, partition by partition, read with the connector's converters. */
  records(topic: string): ReceivedRecord[] {
    return this.raw(topic).map((record) => received(topic, record, this.#converters));
  }

  /** What the last run added to a topic. */
  newRecords(topic: string): ReceivedRecord[] {
    const before = this.#before.get(topic) ?? [];
    const partitions = this.cluster.kafka.topics.get(topic)?.partitions ?? [];
    return partitions
      .flatMap((log, partition) => log.records(before[partition]))
      .map((record) => received(topic, record, this.#converters));
  }

  /** The same as bytes. */
  raw(topic: string): readonly KafkaRecord[] {
    return this.cluster.kafka.records(topic);
  }

  /** What lies in the topic of `errors.deadletterqueue.topic.name`. */
  get deadLetters(): DeadLetter[] {
    const topic = this.#parts.config['errors.deadletterqueue.topic.name']?.trim() ?? '';
    return this.raw(topic).map(deadLetter);
  }

  /** A file of `${files:…}` as text. */
  readFile(name: string): Promise<string> {
    return this.#parts.folder.read(name);
  }

  /** Runs the connector once more until it has caught up, as after a restart: tasks that had failed are tried again. */
  async again({ topics = {}, files = {}, faults = {}, mayFail = false }: NextRun = {}): Promise<this> {
    const { cluster, folder, name } = this.#parts;
    await folder.write(files);
    for (const [topic, messages] of Object.entries(topics)) this.#produce(topic, messages);
    this.#before = new Map(
      [...cluster.kafka.topics].map(([topic, { partitions }]) => [
        topic,
        partitions.map(({ endOffset }) => endOffset),
      ]),
    );
    const { tasks } = await cluster.state.snapshot(name);
    for (const task of tasks.filter(({ trace }) => trace !== undefined))
      await cluster.state.tasks.restart(task, 0);
    await cluster.state.connectors.runNow(name, cluster.clock.now());
    arm(cluster, faults);
    await cluster.drain(name);
    arm(cluster, {});
    await this.#look();
    if (!mayFail) this.#throwFailure();
    return this;
  }

  /** Removes the temporary folder. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.folder[Symbol.asyncDispose]();
  }

  #produce(topic: string, messages: readonly KafkaMessage[]): void {
    const { kafka } = this.cluster;
    const partitions = 1 + Math.max(0, ...messages.map(({ partition = 0 }) => partition));
    if (!kafka.topics.has(topic)) kafka.createTopic({ topic, partitions });
    for (const { partition = 0, key, value, headers, timestamp = null } of messages) {
      const bytes = { key: toBytes(key), value: toBytes(value), headers: toKafkaHeaders(headers) };
      kafka.append({ topic, partition, timestamp, ...bytes });
    }
  }

  async #look(): Promise<void> {
    const { cluster, name } = this.#parts;
    const connector = await cluster.state.connectors.get(name);
    if (connector === undefined) throw new ConnectError(`Connector ${name} is gone`);
    this.status = await connectorStatus(connector, cluster.state, cluster.clock.now());
    this.offsets = (await storedPositions(cluster.state, connector)).flatMap(({ partition, offset }) =>
      offset === null ? [] : [{ partition, offset }],
    );
  }

  #throwFailure(): void {
    const { name, trace, tasks } = this.status;
    const failed = [
      ...(trace === undefined ? [] : [`Connector ${name}: ${trace}`]),
      ...tasks.flatMap((task) =>
        task.trace === undefined ? [] : [`Task ${name}-${task.id}: ${task.trace}`],
      ),
    ];
    if (failed.length === 0) return;
    throw new ConnectError(failed.join('\n'), {
      hint: 'mayFail: true leaves the failure to be looked at in `status`.',
    });
  }
}
