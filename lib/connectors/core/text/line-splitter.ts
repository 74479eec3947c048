/** One complete line, without its terminator, and the number of bytes it took with it. */
export interface Line {
  readonly text: string;
  readonly bytes: number;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a byte stream into lines ended by \n, \r or \r\n, as Java's readLine does. What follows the last terminator
 * stays until more bytes come; so does a \r at the very end, because a \n may be the next byte.
 */
export class LineSplitter {
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  /** Where the search for a terminator goes on, so that a long line is scanned once however often it grows. */
  #scanned = 0;

  /** Bytes taken in but not yet given out as lines. */
  get pending(): number {
    return this.#buffer.length - this.#start;
  }

  push(chunk: Uint8Array): void {
    const rest = this.#buffer.subarray(this.#start);
    this.#scanned -= this.#start;
    this.#start = 0;
    this.#buffer = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
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

  #terminator(): number {
    const buffer = this.#buffer;
    for (let at = this.#scanned; at < buffer.length; at++) {
      const byte = buffer[at];
      if (byte === LF || byte === CR) {
        this.#scanned = at;
        return at;
      }
    }
    this.#scanned = buffer.length;
    return -1;
  }
}
