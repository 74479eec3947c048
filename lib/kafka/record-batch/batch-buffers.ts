/** Sizes are rounded up to it, so that a buffer suits the next batch too. */
const grain = 64 * 1024;
/** Five batches in flight to a broker, one that is built, and some for another broker. */
const mostKept = 8;

/**
 * Buffers of batches that have been sent, for the next ones: memory that was just used is in the processor's cache,
 * and is not asked of the system again. Only what nobody looks at any more may be given back.
 */
export class BatchBuffers {
  #free: Buffer[] = [];

  /** At least so many bytes, of any content. */
  take(size: number): Buffer {
    if (size < grain) return Buffer.allocUnsafe(size);
    const at = this.#free.findIndex((buffer) => buffer.length >= size);
    if (at >= 0) return this.#free.splice(at, 1)[0] as Buffer;
    return Buffer.allocUnsafeSlow(Math.ceil(size / grain) * grain);
  }

  give(buffer: Buffer): void {
    if (buffer.length < grain) return;
    // The smaller make room: a larger one suits every batch.
    this.#free.push(buffer);
    if (this.#free.length > mostKept) this.#free.sort((a, b) => b.length - a.length).pop();
  }
}
