import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OffsetRange } from './file-name.ts';

/** The intent to publish one finished temporary file, written down before it is carried out. */
export interface Claim extends OffsetRange {
  readonly number: number;
  /** Path of the temporary file, relative to the folder of the claims. */
  readonly temporary: string;
}

/**
 * The publications of one topic-partition, numbered. A claim is taken by `link`, which fails when the number is
 * taken, so of two runs that write the same partition at the same time only one goes on; only the highest number
 * counts, and it is never deleted, so a frozen run that wakes up with an old number finds itself outnumbered. The
 * next claimant first completes the highest claim on behalf of whoever left it behind.
 */
export class Claims {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async latest(): Promise<Claim | null> {
    for (;;) {
      const number = Math.max(0, ...(await this.#numbers()));
      if (number === 0) return null;
      const claim = await this.#read(number);
      if (claim !== null) return claim;
    }
  }

  /** False: somebody else was first. */
  async take(claim: Claim): Promise<boolean> {
    const draft = join(this.#folder, `${claim.temporary}.claim`);
    const file = await open(draft, 'w');
    try {
      await file.writeFile(
        JSON.stringify({ start: String(claim.start), end: String(claim.end), temporary: claim.temporary }),
      );
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await link(draft, this.#path(claim.number));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Is it still the highest? Outnumbered, it is void, and nobody will ever complete it. */
  async stands(claim: Claim): Promise<boolean> {
    return Math.max(...(await this.#numbers())) === claim.number;
  }

  async dropBelow(number: number): Promise<void> {
    for (const old of await this.#numbers()) {
      if (old < number) await rm(this.#path(old), { force: true });
    }
  }

  async prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
  }

  /** Null: it was outnumbered and deleted since the folder was listed. */
  async #read(number: number): Promise<Claim | null> {
    try {
      const { start, end, temporary } = JSON.parse(await readFile(this.#path(number), 'utf8')) as Record<
        string,
        string
      >;
      return { number, start: BigInt(start ?? 0), end: BigInt(end ?? 0), temporary: temporary ?? '' };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async #numbers(): Promise<number[]> {
    const names = await readdir(this.#folder);
    return names.filter((name) => /^\d+\.claim$/.test(name)).map((name) => Number.parseInt(name, 10));
  }

  #path(number: number): string {
    return join(this.#folder, `${number}.claim`);
  }
}
