/** Cuts a socket's chunks into frames: four bytes of size, then as many bytes. */
export class FrameReader {
  readonly #maxFrame: number;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 4;

  constructor(maxFrame: number) {
    this.#maxFrame = maxFrame;
  }

  /** Complete frames, without their size. Throws RangeError for a size that cannot be. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const frames: Buffer[] = [];
    while (this.#buffered >= this.#needed) {
      const bytes = this.#chunks.length === 1 ? (this.#chunks[0] ?? chunk) : Buffer.concat(this.#chunks);
      const size = bytes.readInt32BE(0);
      if (size < 0 || size > this.#maxFrame) throw new RangeError(`request of ${size} bytes`);
      const complete = bytes.length >= size + 4;
      if (complete) frames.push(bytes.subarray(4, size + 4));
      const rest = complete ? bytes.subarray(size + 4) : bytes;
      this.#chunks = [rest];
      this.#buffered = rest.length;
      this.#needed = complete ? 4 : size + 4;
    }
    return frames;
  }
}
