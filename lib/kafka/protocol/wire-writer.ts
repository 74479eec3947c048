/** From this size on a byte string joins the frame as it is, uncopied. */
const uncopiedSize = 1024;

/**
 * Writes Kafka's pre-flexible wire types, big-endian, as one frame: the size first, then what is written. Large
 * byte strings (record batches) become chunks of their own, so that nothing the size of a batch is copied.
 */
export class WireWriter {
  readonly #chunks: Uint8Array[] = [];
  #closed = 0;
  #bytes: Buffer = Buffer.allocUnsafe(512);
  #from = 0;
  #at = 4;

  int8(value: number): void {
    this.#at = this.#room(1).writeInt8(value, this.#at);
  }

  int16(value: number): void {
    this.#at = this.#room(2).writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#at = this.#room(4).writeInt32BE(value, this.#at);
  }

  int64(value: bigint): void {
    this.#at = this.#room(8).writeBigInt64BE(value, this.#at);
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.int16(length);
    this.#at += this.#room(length).write(value, this.#at, 'utf8');
  }

  raw(value: Uint8Array): void {
    if (value.length >= uncopiedSize) {
      this.#closeChunk();
      this.#chunks.push(value);
      this.#closed += value.length;
      return;
    }
    this.#room(value.length).set(value, this.#at);
    this.#at += value.length;
  }

  /** The frame, to be sent chunk by chunk. Nothing may be written after it. */
  frame(): readonly Uint8Array[] {
    this.#closeChunk();
    const [first] = this.#chunks;
    if (first) Buffer.from(first.buffer, first.byteOffset, 4).writeInt32BE(this.#closed - 4);
    return this.#chunks;
  }

  #closeChunk(): void {
    if (this.#at === this.#from) return;
    this.#chunks.push(this.#bytes.subarray(this.#from, this.#at));
    this.#closed += this.#at - this.#from;
    this.#from = this.#at;
  }

  #room(length: number): Buffer {
    if (this.#at + length <= this.#bytes.length) return this.#bytes;
    const pending = this.#bytes.subarray(this.#from, this.#at);
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, pending.length + length));
    larger.set(pending);
    this.#bytes = larger;
    this.#from = 0;
    this.#at = pending.length;
    return larger;
  }
}
