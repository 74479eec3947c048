import { javaString } from '../../api/data/java-string.ts';
import type { SinkRecord } from '../../api/record.ts';

const LF = 0x0a;
/** A character of a JavaScript string is at most so many bytes in UTF-8. */
const mostBytesPerChar = 3;

/** Writes the values of records as lines, into two buffers in turn: what `of` returned holds until the call after the next. */
export class LineWriter {
  #buffer: Buffer = Buffer.allocUnsafe(0);
  #other: Buffer = this.#buffer;

  /** Each value is encoded by itself: one text of all lines would be two bytes a character for one that needs them. */
  of(records: readonly SinkRecord[]): Buffer {
    [this.#buffer, this.#other] = [this.#other, this.#buffer];
    let at = 0;
    for (const { value, valueSchema } of records) {
      const line = typeof value === 'string' ? value : javaString(value ?? null, valueSchema ?? null);
      const most = at + line.length * mostBytesPerChar + 1;
      if (most > this.#buffer.length) this.#grow(most, at);
      at += this.#buffer.write(line, at);
      this.#buffer[at++] = LF;
    }
    return this.#buffer.subarray(0, at);
  }

  #grow(size: number, used: number): void {
    const larger = Buffer.allocUnsafe(Math.max(size, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, used);
    this.#buffer = larger;
  }
}
