import { mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Claims, type Claim } from './claims.ts';
import { fileName, parseFileName, type OffsetRange, type PartitionName } from './file-name.ts';

export interface PartitionFolderOptions extends PartitionName {
  readonly directory: string;
  readonly padWidth: number;
}

/** Longer than any run: a function lives for 15 minutes, and a run elsewhere touches its folder with each file. */
const abandonedAfterMs = 86_400_000;

/**
 * The files of one topic-partition: `<directory>/<topic>/<topic>+<partition>+<start>+<end>.jsonl`, and what is
 * needed to publish them in `<directory>/<topic>/.sluice/<partition>/`. At any instant, also when the process is
 * killed or an older run writes at the same time, every finished file is complete and no two of them overlap.
 */
export class PartitionFolder {
  readonly #name: PartitionName;
  readonly #padWidth: number;
  readonly #finished: string;
  readonly #hidden: string;
  readonly #claims: Claims;
  /** Unique to this run, so that no other run can touch a file that is being written. */
  #run = '';
  #files = 0;

  constructor({ directory, topic, partition, padWidth }: PartitionFolderOptions) {
    this.#name = { topic, partition };
    this.#padWidth = padWidth;
    this.#finished = join(directory, topic);
    this.#hidden = join(this.#finished, '.sluice', String(partition));
    this.#claims = new Claims(this.#hidden);
  }

  /** Completes what a killed run left half done. `now`: milliseconds since the epoch. */
  async open(now: number): Promise<void> {
    await this.#claims.prepare();
    const latest = await this.#claims.latest();
    if (latest !== null) await this.#complete(latest);
    this.#run = await mkdtemp(join(this.#hidden, 'run-'));
    await this.#removeAbandoned(now - abandonedAfterMs);
  }

  async close(): Promise<void> {
    if (this.#run !== '') await rm(this.#run, { recursive: true, force: true });
  }

  /**
   * What is published already. The latest claim counts even when its file is gone, because
   * somebody may have picked the file up before its offsets were committed.
   */
  async ranges(): Promise<OffsetRange[]> {
    const latest = await this.#claims.latest();
    const ranges = await this.#onDisk();
    if (latest !== null && !ranges.some((range) => overlaps(range, latest))) ranges.push(latest);
    return ranges;
  }

  nextTemporary(): string {
    return join(this.#run, String(this.#files++));
  }

  /**
   * Gives a complete and synced temporary file its final name. False: another run has published some of these
   * records meanwhile; the file is gone, and the caller must go on from what `ranges` says now.
   */
  async publish(path: string, range: OffsetRange): Promise<boolean> {
    const temporary = join(basename(this.#run), basename(path));
    for (;;) {
      const latest = await this.#claims.latest();
      if (latest !== null) await this.#complete(latest);
      const claim: Claim = { number: (latest?.number ?? 0) + 1, temporary, ...range };
      if (!(await this.#claims.take(claim))) continue;
      if (!(await this.#claims.stands(claim))) continue;
      const published = await this.#complete(claim);
      await this.#claims.dropBelow(claim.number);
      return published;
    }
  }

  /**
   * May be done by several runs at once and any number of times: none of them can publish anything else before it
   * is done, so all see the same files, and the temporary file can be renamed only once.
   */
  async #complete({ temporary, start, end }: Claim): Promise<boolean> {
    const from = join(this.#hidden, temporary);
    if ((await this.#onDisk()).some((range) => overlaps(range, { start, end }))) {
      await rm(from, { force: true });
      return false;
    }
    try {
      await rename(from, join(this.#finished, fileName(this.#name, { start, end }, this.#padWidth)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    await syncFolder(this.#finished);
    return true;
  }

  /** Only old ones: a younger folder may belong to a run that is still writing, and that may yet win. */
  async #removeAbandoned(before: number): Promise<void> {
    for (const name of await readdir(this.#hidden)) {
      const path = join(this.#hidden, name);
      if (!name.startsWith('run-') || path === this.#run) continue;
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs < before) await rm(path, { recursive: true, force: true });
    }
  }

  async #onDisk(): Promise<OffsetRange[]> {
    const names = await readdir(this.#finished);
    return names.map((name) => parseFileName(name, this.#name)).filter((range) => range !== null);
  }
}

const overlaps = (a: OffsetRange, b: OffsetRange): boolean => a.start <= b.end && b.start <= a.end;

/** A rename survives a power cut only once its folder is on disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
