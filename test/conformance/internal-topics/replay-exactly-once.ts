import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { OffsetMap } from '../../../lib/api/record.ts';
import { readOffsetKey, readOffsetValue } from '../../../lib/converters/offsets-topic.ts';
import type { OffsetChange } from '../../../lib/worker/exactly-once/alter-logged-offsets.ts';
import {
  asRecorded,
  connectorOf,
  isOffsetsTopic,
  transactionsDifference,
  recordedTransactions,
  valuesByKey,
  valuesDifference,
} from './offsets-by-key.ts';
import type { ExactlyOnceRecording, TopicRecord } from './topic-recording.ts';
import { WorkerReplay } from './worker-replay.ts';

export interface TopicResult {
  readonly id: string;
  /** For a person; null: nothing differs. */
  readonly difference: string | null;
}

/** Does what the config topic tells was done, and compares what lies on the other topics afterwards. */
export async function replayExactlyOnce(recording: ExactlyOnceRecording): Promise<TopicResult[]> {
  const replay = new ExactlyOnceReplay(recording);
  await replay.run();
  return replay.results();
}

const leader = 'connect-cluster-';
/** LabSource's default for `lab.records`. */
const defaultRecords = 3;

class ExactlyOnceReplay {
  readonly #recording: ExactlyOnceRecording;
  readonly #worker: WorkerReplay;
  /** The worker's offsets topic: the one that no connector names as its own. */
  readonly #offsetsTopic: string;
  readonly #configs = new Map<string, ConnectorConfig>();
  /** Blocks of alterations of each connector that are still to be made, one a stop. */
  readonly #alterations = new Map<string, OffsetChange[][][]>();
  readonly #taskCounts: string[] = [];

  constructor(recording: ExactlyOnceRecording) {
    this.#recording = recording;
    for (const { name, config } of configsIn(recording)) this.#configs.set(name, config);
    const own = new Set([...this.#configs.values()].map((config) => config['offsets.storage.topic']));
    const shared = Object.entries(recording.topics).find(
      ([topic, records]) => isOffsetsTopic(records) && !own.has(topic),
    );
    this.#offsetsTopic = shared?.[0] ?? 'offsets';
    for (const name of this.#configs.keys())
      this.#alterations.set(
        name,
        alterationsIn(
          recordedTransactions(this.#all(this.#topicOf(name))).flatMap((each) => of(name, each)),
          this.#configs.get(name),
        ),
      );
    this.#worker = new WorkerReplay(groupIdOf(recording), this.#offsetsTopic);
  }

  async run(): Promise<void> {
    const [configTopic = []] = Object.values(this.#recording.topics).filter((records) =>
      records.some(({ key }) => key?.startsWith('commit-')),
    );
    for (const { key, value } of configTopic) {
      const [, what = '', name = ''] =
        /^(connector|commit|target-state|restart-connector)-(.*)$/.exec(key ?? '') ?? [];
      if (name === '') continue;
      await this.#act(what, name, value === null ? null : (JSON.parse(value) as Record<string, unknown>));
    }
  }

  async #act(what: string, name: string, value: Readonly<Record<string, unknown>> | null): Promise<void> {
    const worker = this.#worker;
    if (what === 'commit') {
      if (value?.['tasks'] !== 0) await this.#checkTasks(name, Number(value?.['tasks']));
      return;
    }
    if (what === 'connector' && value === null) await worker.delete(name);
    else if (what === 'connector') await worker.put(name, value?.['properties'] as ConnectorConfig);
    else if (what === 'restart-connector')
      await worker.restart(name, {
        includeTasks: value?.['include-tasks'] === true,
        onlyFailed: value?.['only-failed'] === true,
      });
    else if (value !== null) await this.#target(name, String(value['state.v2'] ?? value['state']));
    await worker.settle();
  }

  async #target(name: string, state: string): Promise<void> {
    await this.#worker.target(name, state === 'STARTED' ? 'RUNNING' : (state as 'PAUSED' | 'STOPPED'));
    if (state !== 'STOPPED') return;
    await this.#worker.settle();
    for (const changes of this.#alterations.get(name)?.shift() ?? []) await this.#worker.alter(name, changes);
  }

  async #checkTasks(name: string, wanted: number): Promise<void> {
    const got = await this.#worker.taskCount(name);
    if (got !== wanted) this.#taskCounts.push(`${name} should have ${wanted} tasks\n  but has ${got}`);
  }

  results(): TopicResult[] {
    const offsets = [...this.#configs.keys()].map((name) => ({
      id: `offsets of ${name}`,
      difference: this.#offsetsDifference(name),
    }));
    const data = Object.entries(this.#recording.topics)
      .filter(([topic]) => this.#isData(topic))
      .map(([topic, records]) => ({ id: topic, difference: this.#dataDifference(topic, records) }));
    return [
      { id: 'tasks', difference: this.#taskCounts[0] ?? null },
      ...offsets,
      ...data,
      { id: 'transactional ids', difference: this.#idsDifference() },
      { id: 'topics', difference: this.#topicsDifference() },
    ];
  }

  #offsetsDifference(name: string): string | null {
    const wanted = this.#recorded(name);
    const got = this.#written(this.#topicOf(name)).filter((record) => connectorOf(record) === name);
    return (
      valuesDifference(this.#topicOf(name), valuesByKey(wanted), valuesByKey(got)) ??
      transactionsDifference(
        this.#topicOf(name),
        recordedTransactions(this.#all(this.#topicOf(name))).flatMap((each) => of(name, each)),
        this.#transactions(this.#topicOf(name)).flatMap((each) => of(name, each)),
      )
    );
  }

  #dataDifference(topic: string, wanted: readonly TopicRecord[]): string | null {
    const got = this.#written(topic);
    return (
      valuesDifference(topic, valuesByKey(wanted), valuesByKey(got)) ??
      transactionsDifference(topic, recordedTransactions(wanted), this.#transactions(topic))
    );
  }

  /** Connect's leader has one of its own to write the config topic with; here the table is conditional. */
  #idsDifference(): string | null {
    const wanted = this.#recording.transactionsAtEnd
      .map(({ transactionalId }) => transactionalId)
      .filter((id) => !id.startsWith(leader))
      .toSorted();
    const got = this.#worker.cluster.kafka.transactions.ids.toSorted();
    return wanted.join() === got.join()
      ? null
      : `should be ${wanted.join(', ')}\n  but are ${got.join(', ')}`;
  }

  #topicsDifference(): string | null {
    const { topics } = this.#worker.cluster.kafka;
    for (const { topic, partitions, nonDefaultConfigs } of this.#recording.topicConfigs) {
      const ours = topics.get(topic);
      if (ours === undefined || this.#isData(topic)) continue;
      const [wanted, got] = [
        { partitions, configs: nonDefaultConfigs },
        { partitions: ours.partitions.length, configs: ours.configs },
      ].map((each) => JSON.stringify(each));
      if (wanted !== got) return `${topic} should be ${wanted}\n  but is ${got}`;
    }
    return null;
  }

  /** On the topic that counts for the connector; its copies on the worker's topic are none of the truth. */
  #recorded(name: string): TopicRecord[] {
    return this.#all(this.#topicOf(name)).filter((record) => connectorOf(record) === name);
  }

  #all = (topic: string): readonly TopicRecord[] => this.#recording.topics[topic] ?? [];

  #transactions = (topic: string): TopicRecord[][] =>
    (this.#worker.cluster.kafka.topics.get(topic)?.partitions ?? [])
      .flatMap((log) => log.transactions())
      .map((records) => records.map(asRecorded));

  #written = (topic: string): TopicRecord[] => this.#worker.cluster.kafka.records(topic).map(asRecorded);

  #topicOf = (name: string): string =>
    this.#configs.get(name)?.['offsets.storage.topic'] ?? this.#offsetsTopic;

  #isData = (topic: string): boolean =>
    [...this.#configs.values()].some((config) => config['topic'] === topic);
}

function configsIn({ topics }: ExactlyOnceRecording): { name: string; config: ConnectorConfig }[] {
  return Object.values(topics)
    .flat()
    .flatMap(({ key, value }) => {
      if (!key?.startsWith('connector-') || value === null) return [];
      const { properties } = JSON.parse(value) as { properties: ConnectorConfig };
      return [{ name: key.slice('connector-'.length), config: properties }];
    });
}

function groupIdOf({ transactionsAtEnd }: ExactlyOnceRecording): string {
  const ofLeader = transactionsAtEnd.find(({ transactionalId }) => transactionalId.startsWith(leader));
  return ofLeader?.transactionalId.slice(leader.length) ?? 'connect-cluster';
}

/**
 * Offsets that no task has written: LabSource counts up, one a transaction, as far as its records go. What else there
 * is was altered while the connector was stopped.
 */
function alterationsIn(
  transactions: readonly (readonly TopicRecord[])[],
  config: ConnectorConfig | undefined,
): OffsetChange[][][] {
  const blocks: OffsetChange[][][] = [];
  const counts = new Map<string, number>();
  let isAltering = false;
  for (const transaction of transactions) {
    const isTask = transaction.every(({ key, value }) => {
      const n = value === null ? Number.NaN : Number((JSON.parse(value) as { n?: unknown }).n);
      const most = Number(config?.['lab.records'] ?? defaultRecords);
      return n === (counts.get(String(key)) ?? 0) + 1 && n <= most;
    });
    for (const { key, value } of transaction)
      counts.set(String(key), value === null ? 0 : Number((JSON.parse(value) as { n?: unknown }).n));
    if (!isTask) {
      if (!isAltering) blocks.push([]);
      blocks.at(-1)?.push(transaction.map(changeOf));
    }
    isAltering = !isTask;
  }
  return blocks;
}

/** The part of a transaction that is a connector's, if there is one. */
const of = (name: string, transaction: readonly TopicRecord[]): TopicRecord[][] => {
  const own = transaction.filter((record) => connectorOf(record) === name);
  return own.length === 0 ? [] : [own];
};

const changeOf = ({ key, value }: TopicRecord): OffsetChange => [
  readOffsetKey(Buffer.from(key ?? ''))?.partition as OffsetMap,
  readOffsetValue(value === null ? null : Buffer.from(value)) as OffsetMap | null,
];
