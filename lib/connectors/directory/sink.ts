import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorConfig } from '../../api/config.ts';
import type { SinkOffsets, SinkTaskContext } from '../../api/context.ts';
import { ConnectError, DataError } from '../../api/errors.ts';
import type { SinkRecord } from '../../api/record.ts';
import type { SinkConnector, SinkTask } from '../../api/sink.ts';
import { splitTopicPartition, topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { jsonValue } from '../core/format/json-value.ts';
import { directorySinkConfig } from './config.ts';
import { PartitionFolder } from './partition-folder.ts';
import { PartitionWriter } from './partition-writer.ts';

export class DirectorySinkConnector implements SinkConnector {
  start(config: ConnectorConfig): void {
    directorySinkConfig.parse(config);
  }
}

/**
 * Writes each record's value as one line of JSON. Files belong to the topic and partition a record was read from:
 * transformations that rename topics do not move them, because offsets mean nothing under another name (KIP-793).
 */
export class DirectorySinkTask implements SinkTask {
  #config = directorySinkConfig.parse({ directory: '.' });
  readonly #writers = new Map<TopicPartition, PartitionWriter>();
  /** Partitions that go back or forward before the next batch: the rest of this one is not for them. */
  readonly #seeking = new Set<TopicPartition>();

  async start(config: ConnectorConfig): Promise<void> {
    this.#config = directorySinkConfig.parse(config);
    await requireWritable(this.#config.directory);
  }

  async open(partitions: readonly TopicPartition[], context: SinkTaskContext): Promise<void> {
    for (const key of partitions) {
      const folder = new PartitionFolder({
        ...splitTopicPartition(key),
        directory: this.#config.directory,
        padWidth: this.#config['filename.offset.zero.pad.width'],
      });
      const limits = {
        records: this.#config['file.max.records'],
        bytes: Number(this.#config['file.max.bytes']),
      };
      const writer = new PartitionWriter(folder, limits);
      this.#writers.set(key, writer);
      await writer.open(context.clock.now());
    }
  }

  async put(records: readonly SinkRecord[], context: SinkTaskContext): Promise<void> {
    this.#seeking.clear();
    for (const record of records) {
      const key = topicPartition(record.originalTopic, record.originalKafkaPartition);
      const writer = this.#writers.get(key);
      if (writer === undefined)
        throw new ConnectError(`Bug: a record of ${key} came without its partition being opened`);
      if (!this.#seeking.has(key)) await this.#write(record, { key, writer }, context);
    }
    for (const writer of this.#writers.values()) await writer.write();
  }

  /** Only what is in finished files may be committed (Invariant 2); so a commit finishes the open ones. */
  async preCommit(offsets: SinkOffsets, context: SinkTaskContext): Promise<SinkOffsets> {
    const committable = new Map<TopicPartition, bigint>();
    for (const [key, offset] of offsets) {
      const writer = this.#writers.get(key);
      if (writer !== undefined) await this.#finish({ key, writer }, context);
      if (!this.#seeking.has(key)) committable.set(key, offset);
    }
    return committable;
  }

  async close(partitions: readonly TopicPartition[]): Promise<void> {
    for (const key of partitions) {
      await this.#writers.get(key)?.close();
      this.#writers.delete(key);
    }
  }

  async stop(): Promise<void> {
    await this.close([...this.#writers.keys()]);
  }

  async #write(record: SinkRecord, target: Target, context: SinkTaskContext): Promise<void> {
    const { key, writer } = target;
    const offset = record.originalKafkaOffset;
    if (writer.holds(offset)) return;
    if (writer.mustFinishBefore(offset)) await this.#finish(target, context);
    if (this.#seeking.has(key)) return;
    const covering = writer.covering(offset);
    if (covering !== undefined) {
      await this.#finish(target, context);
      if (!this.#seeking.has(key)) this.#skip(key, covering.end, { offset, context });
      return;
    }
    const line = await this.#line(record, context);
    if (line !== null) await writer.add(offset, line);
  }

  /** A crash between publishing and committing: these records are in a file already. */
  #skip(
    key: TopicPartition,
    end: bigint,
    { offset, context }: { offset: bigint; context: SinkTaskContext },
  ): void {
    context.log.warn(
      'records that are in finished files already are skipped; if the topic was made anew, move its old files away',
      {
        partition: key,
        from: String(offset),
        to: String(end),
      },
    );
    this.#seeking.add(key);
    context.offset(new Map([[key, end + 1n]]));
  }

  async #finish({ key, writer }: Target, context: SinkTaskContext): Promise<void> {
    const backTo = await writer.finish();
    if (backTo === undefined) return;
    context.log.warn('another run published records of this partition; going on after them', {
      partition: key,
    });
    this.#seeking.add(key);
    context.offset(new Map([[key, backTo]]));
  }

  async #line(record: SinkRecord, context: SinkTaskContext): Promise<string | null> {
    const behavior = this.#config['behavior.on.null.values'];
    const value = record.value ?? null;
    if (value !== null || behavior === 'write') return `${jsonValue(value, record.valueSchema ?? null)}\n`;
    if (behavior === 'ignore') return null;
    const error = new DataError('The record has no value (a tombstone), and behavior.on.null.values=fail', {
      hint: 'Set behavior.on.null.values to ignore or write, or errors.tolerance=all with a dead-letter topic.',
    });
    if (context.errantRecordReporter === null) throw error;
    await context.errantRecordReporter.report(record, error);
    return null;
  }
}

interface Target {
  readonly key: TopicPartition;
  readonly writer: PartitionWriter;
}

async function requireWritable(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await rm(await mkdtemp(join(directory, '.writable-')), { recursive: true });
  } catch (error) {
    throw new ConnectError(`Cannot write to the folder ${directory}: ${(error as Error).message}`, {
      cause: error,
      hint: 'Set "directory" to a folder the function may write to: on EFS check the access point\'s user id and the mount\'s elasticfilesystem:ClientWrite permission; in Lambda only a mounted path and /tmp are writable.',
    });
  }
}
