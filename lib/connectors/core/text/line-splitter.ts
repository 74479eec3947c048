/** One complete line, without its terminator, and the number of bytes it took with it. */
export interface Line {
  readonly text: string;
  readonly bytes: number;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a byte stream into lines ended by \n, \r or \r\n, as Java's readLine does. What follows the last terminator
 * stays until more bytes come; so does a \r at the very end, because a \n may be the next byte. One buffer is filled
 * over and over.
 */
export class LineSplitter {
  #room: Buffer = Buffer.alloc(0);
  /** What of `#room` has come in. */
  #buffer: Buffer = this.#room;
  #start = 0;
  /** Where the search for a terminator goes on, so that a long line is scanned once however often it grows. */
  #scanned = 0;
  /** The first of each at or behind `#scanned`; -1: there is none. One before it has been used up. */
  #lineFeed = -1;
  #carriageReturn = -1;

  /** Bytes taken in but not yet given out as lines. */
  get pending(): number {
    return this.#buffer.length - this.#start;
  }

  /** Where the next bytes are to be put, room for `size` of them; `filled` says how many came. Lines may be taken before. */
  space(size: number): Buffer {
    const { pending } = this;
    const room =
      pending + size > this.#room.length ? Buffer.allocUnsafeSlow(2 * (pending + size)) : this.#room;
    if (room !== this.#room || this.#buffer.length + size > room.length) {
      this.#buffer.copy(room, 0, this.#start);
      this.#lineFeed = this.#moved(LF, this.#lineFeed);
      this.#carriageReturn = this.#moved(CR, this.#carriageReturn);
      this.#scanned -= this.#start;
      this.#start = 0;
      this.#room = room;
      this.#buffer = room.subarray(0, pending);
    }
    return room.subarray(this.#buffer.length, this.#buffer.length + size);
  }

  filled(bytes: number): void {
    this.#buffer = this.#room.subarray(0, this.#buffer.length + bytes);
    this.#lineFeed = this.#buffer.indexOf(LF, this.#scanned);
    this.#carriageReturn = this.#buffer.indexOf(CR, this.#scanned);
  }

  /** Where a terminator is that was found before, once what was given out is dropped. */
  #moved(terminator: number, found: number): number {
    const next =
      found >= 0 && found < this.#scanned ? this.#buffer.indexOf(terminator, this.#scanned) : found;
    return next < 0 ? -1 : next - this.#start;
  }

  /** The next complete line; undefined when there is none yet. */
  next(): Line | undefined {
    const end = this.#terminator();
    if (end < 0) return undefined;
    const isCarriageReturn = this.#buffer[end] === CR;
    if (isCarriageReturn && end + 1 === this.#buffer.length) return undefined;
    const after = isCarriageReturn && this.#buffer[end + 1] === LF ? end + 2 : end + 1;
    const line = { text: this.#buffer.toString('utf8', this.#start, end), bytes: after - this.#start };
    this.#start = after;
    this.#scanned = after;
    return line;
  }

  /** Where the next terminator is; -1: not here yet. What most files lack, a \r, is looked for once a filling. */
  #terminator(): number {
    if (this.#lineFeed >= 0 && this.#lineFeed < this.#scanned)
      this.#lineFeed = this.#buffer.indexOf(LF, this.#scanned);
    if (this.#carriageReturn >= 0 && this.#carriageReturn < this.#scanned)
      this.#carriageReturn = this.#buffer.indexOf(CR, this.#scanned);
    const [lineFeed, carriageReturn] = [this.#lineFeed, this.#carriageReturn];
    const found =
      lineFeed < 0 || (carriageReturn >= 0 && carriageReturn < lineFeed) ? carriageReturn : lineFeed;
    this.#scanned = found < 0 ? this.#buffer.length : found;
    return found;
  }
}
