import { open, type FileHandle } from 'node:fs/promises';
import type { OffsetRange } from './file-name.ts';
import type { PartitionFolder } from './partition-folder.ts';

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly start: bigint;
  end: bigint;
  records: number;
  bytes: number;
  /** Lines of this batch, not yet handed to the file system. */
  lines: string[];
}

export interface FileLimits {
  /** 0: none. */
  readonly records: number;
  readonly bytes: number;
}

/** Collects the lines of one topic-partition into files. A line counts as delivered once its file is published. */
export class PartitionWriter {
  readonly #folder: PartitionFolder;
  readonly #limits: FileLimits;
  #ranges: readonly OffsetRange[] = [];
  /** Offsets known not to be published, so that a folder of many files costs nothing per record. */
  #clear: { readonly from: bigint; readonly until: bigint | null } | undefined;
  #file: OpenFile | undefined;

  constructor(folder: PartitionFolder, limits: FileLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  async open(now: number): Promise<void> {
    await this.#folder.open(now);
    this.#learn(await this.#folder.ranges());
  }

  /** The published file that holds this offset already. */
  covering(offset: bigint): OffsetRange | undefined {
    if (this.#isClear(offset)) return undefined;
    const covering = this.#ranges.find((range) => range.start <= offset && offset <= range.end);
    if (covering === undefined) {
      this.#clear = {
        from: offset,
        until: this.#ranges.find((range) => range.start > offset)?.start ?? null,
      };
    }
    return covering;
  }

  /** The open file holds it: the framework went back, and delivers again what was put before. */
  holds(offset: bigint): boolean {
    const file = this.#file;
    return file !== undefined && file.start <= offset && offset <= file.end;
  }

  /** True when the open file must be finished first: it is full, or would reach over a published one. */
  mustFinishBefore(offset: bigint): boolean {
    const file = this.#file;
    if (file === undefined) return false;
    const { records, bytes } = this.#limits;
    if (file.bytes >= bytes || (records > 0 && file.records >= records)) return true;
    return offset < file.start || !this.#isClear(offset);
  }

  async add(offset: bigint, line: string): Promise<void> {
    this.#file ??= await this.#create(offset);
    const file = this.#file;
    file.end = offset;
    file.records += 1;
    file.bytes += Buffer.byteLength(line);
    file.lines.push(line);
  }

  /** Hands the lines of a batch to the file system at once. */
  async write(): Promise<void> {
    const file = this.#file;
    if (file === undefined || file.lines.length === 0) return;
    const lines = file.lines;
    file.lines = [];
    await file.handle.appendFile(lines.join(''));
  }

  /**
   * Publishes the open file, if there is one. Returns the offset to go back to when another run got ahead of this
   * one; what it has published is known from then on.
   */
  async finish(): Promise<bigint | undefined> {
    await this.write();
    const file = this.#file;
    if (file === undefined) return undefined;
    await file.handle.sync();
    await file.handle.close();
    this.#file = undefined;
    const range = { start: file.start, end: file.end };
    const published = await this.#folder.publish(file.path, range);
    this.#learn(published ? [...this.#ranges, range] : await this.#folder.ranges());
    return published ? undefined : file.start;
  }

  /** Drops what is not published: its offsets are not committed, so the next run reads it again. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
    await this.#folder.close();
  }

  #isClear(offset: bigint): boolean {
    const clear = this.#clear;
    return clear !== undefined && offset >= clear.from && (clear.until === null || offset < clear.until);
  }

  #learn(ranges: readonly OffsetRange[]): void {
    this.#ranges = ranges.toSorted((a, b) => (a.start < b.start ? -1 : 1));
    this.#clear = undefined;
  }

  async #create(start: bigint): Promise<OpenFile> {
    const path = this.#folder.nextTemporary();
    return { path, handle: await open(path, 'ax'), start, end: start, records: 0, bytes: 0, lines: [] };
  }
}
