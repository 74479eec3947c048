import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ConnectError } from '../../api/errors.ts';
import type { LogFile } from './partition-log.ts';

export interface TopicDefinition {
  readonly topic: string;
  readonly partitions: number;
  readonly configs: readonly (readonly [name: string, value: string])[];
}

export interface StoredState {
  readonly formatVersion: typeof formatVersion;
  readonly topics: readonly TopicDefinition[];
  readonly nextProducerId: string;
  readonly transactionalIds: readonly {
    readonly id: string;
    readonly producerId: string;
    readonly epoch: number;
  }[];
  readonly groupOffsets: readonly {
    readonly group: string;
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
    readonly metadata: string | null;
  }[];
}

const formatVersion = 1;

/** A folder that keeps the topics between sessions: `state.json` beside one log of batches per partition. */
export class StateFolder {
  readonly #directory: string;
  readonly #open = new Map<string, number>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  load(): StoredState | undefined {
    const path = join(this.#directory, 'state.json');
    if (!existsSync(path)) return undefined;
    const state = JSON.parse(readFileSync(path, 'utf8')) as StoredState;
    if (state.formatVersion === formatVersion) return state;
    // Invariant 9: what a newer version wrote is refused, never overwritten.
    throw new ConnectError(
      `${path} has format version ${String(state.formatVersion)}; this version reads ${formatVersion}`,
      {
        code: 'FORMAT',
        hint: 'Use the version that wrote it, or another folder.',
      },
    );
  }

  /** Whole or not at all: a kill while it is written leaves the last state. */
  save(state: Omit<StoredState, 'formatVersion'>): void {
    const path = join(this.#directory, 'state.json');
    writeFileSync(`${path}.new`, JSON.stringify({ formatVersion, ...state }, null, 1));
    renameSync(`${path}.new`, path);
  }

  logFile(topic: string, partition: number): LogFile {
    const path = this.#logPath(topic, partition);
    return {
      append: (bytes) => {
        let file = this.#open.get(path);
        if (file === undefined) this.#open.set(path, (file = openSync(path, 'a')));
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      },
    };
  }

  readLog(topic: string, partition: number): Buffer {
    const path = this.#logPath(topic, partition);
    return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  }

  truncateLog(topic: string, partition: number, size: number): void {
    truncateSync(this.#logPath(topic, partition), size);
  }

  deleteLogs(topic: string, partitions: number): void {
    for (let partition = 0; partition < partitions; partition++) {
      const path = this.#logPath(topic, partition);
      this.#closeFile(path);
      rmSync(path, { force: true });
    }
  }

  close(): void {
    for (const path of Array.from(this.#open.keys())) this.#closeFile(path);
  }

  #closeFile(path: string): void {
    const file = this.#open.get(path);
    if (file !== undefined) closeSync(file);
    this.#open.delete(path);
  }

  #logPath(topic: string, partition: number): string {
    return join(this.#directory, `${topic}-${partition}.log`);
  }
}
