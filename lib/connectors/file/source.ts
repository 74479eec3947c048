import { open, type FileHandle } from 'node:fs/promises';
import type { ConnectorConfig } from '../../api/config.ts';
import type { SourceTaskContext } from '../../api/context.ts';
import { stringSchema } from '../../api/data/schema.ts';
import { ConfigError, ConnectError } from '../../api/errors.ts';
import type { SourceOffset, SourcePartition, SourceRecord } from '../../api/record.ts';
import type { SourceConnector, SourceTask } from '../../api/source.ts';
import { LineSplitter } from '../core/text/line-splitter.ts';
import { waitForData } from '../core/polling/wait-for-data.ts';
import { fileSourceConfig } from './config.ts';
import { isMissing, requireFile } from './path.ts';

/** Each read wakes a thread up; larger ones save nothing more. */
const chunkBytes = 512 * 1024;

/** One file, so always one task, however many `tasks.max` allows. */
export class FileStreamSourceConnector implements SourceConnector {
  #config: ConnectorConfig = {};

  start(config: ConnectorConfig): void {
    requireFile(fileSourceConfig.parse(config).file);
    this.#config = config;
  }

  taskConfigs(): ConnectorConfig[] {
    return [this.#config];
  }

  /** A line's offset is stored with it; without a file, as in Kafka, there is no offset to go on from. */
  exactlyOnceSupport(config: ConnectorConfig): 'SUPPORTED' | 'UNSUPPORTED' {
    return config['file'] === undefined ? 'UNSUPPORTED' : 'SUPPORTED';
  }

  alterOffsets(config: ConnectorConfig, offsets: ReadonlyMap<SourcePartition, SourceOffset | null>): boolean {
    requireFile(fileSourceConfig.parse(config).file);
    for (const [partition, offset] of offsets) {
      // Deleting the offset of any partition is allowed, also of one this connector would not write.
      if (offset === null) continue;
      if (typeof partition['filename'] !== 'string') {
        throw new ConnectError('The partition of a file offset must look like {"filename": "/path"}', {
          code: 'BAD_REQUEST',
        });
      }
      positionOf(offset);
    }
    return true;
  }
}

/** Reads the file from the committed byte position on, line by line. */
export class FileStreamSourceTask implements SourceTask {
  #path = '';
  #topic = '';
  #batchSize = 0;
  #partition: SourcePartition = {};
  /** Bytes given out as lines so far: the position after the last line returned. */
  #position = 0;
  #lines = new LineSplitter();
  #file: FileHandle | undefined;
  /** The next read, under way while the lines of the one before are given out; answers how many bytes came. */
  #ahead: Promise<number> | undefined;

  async start(config: ConnectorConfig, context: SourceTaskContext): Promise<void> {
    const parsed = fileSourceConfig.parse(config);
    this.#path = requireFile(parsed.file);
    this.#topic = parsed.topic;
    this.#batchSize = Math.ceil(parsed['batch.size'] / context.batchDivisor);
    this.#partition = { filename: this.#path };
    this.#position = positionOf(await context.offsets.get(this.#partition));
  }

  async poll(context: SourceTaskContext): Promise<SourceRecord[] | null> {
    this.#file ??= await this.#open(context);
    const records: SourceRecord[] = [];
    if (this.#file !== undefined) await this.#read(this.#file, records, context);
    if (records.length > 0) return records;
    await waitForData(context);
    return null;
  }

  async stop(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await Promise.allSettled([this.#ahead]);
    await file?.close();
  }

  async #open(context: SourceTaskContext): Promise<FileHandle | undefined> {
    try {
      const file = await open(this.#path, 'r');
      this.#file = file;
      const { size } = await file.stat();
      if (size >= this.#position) return file;
      throw new ConnectError(
        `${this.#path} has ${size} bytes, but ${this.#position} were read before: it was truncated or replaced`,
        {
          hint: 'Reset the offsets of the connector to read the new file from its beginning, or write to a file with another name.',
        },
      );
    } catch (error) {
      if (isMissing(error)) {
        context.log.debug('the file does not exist yet', { file: this.#path });
        return undefined;
      }
      if (error instanceof ConnectError) throw error;
      throw new ConnectError(`Cannot read ${this.#path}: ${(error as Error).message}`, { cause: error });
    }
  }

  async #read(file: FileHandle, records: SourceRecord[], context: SourceTaskContext): Promise<void> {
    const timestamp = context.clock.now();
    while (records.length < this.#batchSize) {
      const line = this.#lines.next();
      if (line !== undefined) {
        this.#position += line.bytes;
        records.push(this.#record(line.text, timestamp));
        continue;
      }
      if (context.signal.aborted) return;
      const ahead = this.#ahead;
      this.#ahead = undefined;
      const bytesRead = await (ahead ?? this.#readChunk(file));
      if (bytesRead > 0) this.#lines.filled(bytesRead);
      // What was the end when it was read ahead may no longer be.
      else if (ahead === undefined) return;
      // At the end of the file there is nothing to read ahead.
      if (bytesRead === chunkBytes) {
        this.#ahead = this.#readChunk(file);
        // Whoever needs its bytes is told of a failure; nobody may.
        this.#ahead.catch(() => undefined);
      }
    }
  }

  async #readChunk(file: FileHandle): Promise<number> {
    const space = this.#lines.space(chunkBytes);
    return (await file.read(space, 0, chunkBytes, this.#position + this.#lines.pending)).bytesRead;
  }

  #record(value: string, timestamp: number): SourceRecord {
    return {
      topic: this.#topic,
      valueSchema: stringSchema,
      value,
      timestamp,
      sourcePartition: this.#partition,
      sourceOffset: { position: this.#position },
    };
  }
}

function positionOf(offset: SourceOffset | null): number {
  if (offset === null) return 0;
  const position = Number(offset['position']);
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw new ConfigError(
    `The offset of a file must look like {"position": 1234}, a number of bytes; it is ${String(offset['position'])}`,
  );
}
