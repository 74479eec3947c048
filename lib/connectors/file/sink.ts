import { open, type FileHandle } from 'node:fs/promises';
import type { ConnectorConfig } from '../../api/config.ts';
import { ConnectError } from '../../api/errors.ts';
import type { SinkRecord } from '../../api/record.ts';
import type { SinkConnector, SinkTask } from '../../api/sink.ts';
import { fileSinkConfig } from './config.ts';
import { LineWriter } from './line-writer.ts';
import { requireFile } from './path.ts';

export class FileStreamSinkConnector implements SinkConnector {
  start(config: ConnectorConfig): void {
    requireFile(fileSinkConfig.parse(config).file);
  }
}

/** Appends the value of each record as a line, as `println` writes it in Kafka. */
export class FileStreamSinkTask implements SinkTask {
  #file: FileHandle | undefined;
  readonly #lines = new LineWriter();
  /** Of the lines before the next ones. Once one has failed no other follows: its lines would be missing. */
  #writing: Promise<void> = Promise.resolve();

  async start(config: ConnectorConfig): Promise<void> {
    const path = requireFile(fileSinkConfig.parse(config).file);
    try {
      this.#file = await open(path, 'a+');
      await endTornLine(this.#file);
    } catch (error) {
      throw new ConnectError(`Cannot append to ${path}: ${(error as Error).message}`, {
        cause: error,
        hint: 'The folder must exist, and the file must be writable for the function (an EFS access point needs the right user id).',
      });
    }
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    if (records.length === 0 || this.#file === undefined) return;
    const lines = this.#lines.of(records);
    await this.#writing;
    this.#writing = this.#file.appendFile(lines);
    // The next put or flush is told of a failure.
    this.#writing.catch(() => undefined);
  }

  /** Only what is on disk may be committed (Invariant 2). */
  async flush(): Promise<void> {
    await this.#writing;
    await this.#file?.sync();
  }

  async stop(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await Promise.allSettled([this.#writing]);
    await file?.close();
  }
}

/**
 * A run killed while it wrote leaves half a line. Its records come again, and must not be glued to that half, or
 * the first of them would be lost (Kafka's own sink does glue them).
 */
async function endTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) return;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  if (last[0] !== 0x0a) await file.appendFile('\n');
}
