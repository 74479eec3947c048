import { endMarker } from '../../../../lib/kafka/dev-broker/control-batch.ts';
import { BatchBuilder, stampProducer } from '../../../../lib/kafka/record-batch/batch-builder.ts';
import { batchLayout } from '../../../../lib/kafka/record-batch/batch-header.ts';

/** A log made of batches at given offsets, as a broker stores and answers it. */
export class BatchLog {
  readonly #batches: Buffer[] = [];

  data(offset: bigint, producerId: bigint, values: string[], key: Uint8Array | null = null): this {
    const builder = new BatchBuilder(Buffer.allocUnsafe(10_000));
    for (const value of values) builder.append({ key, value: Buffer.from(value) }, 0);
    const batch = builder.finish('none');
    stampProducer(batch, { producerId, producerEpoch: 0, baseSequence: 0 }, producerId >= 0n);
    return this.#add(offset, batch);
  }

  /** By a producer with an id, outside of any transaction. */
  idempotent(offset: bigint, producerId: bigint, value: string): this {
    const builder = new BatchBuilder(Buffer.allocUnsafe(1_000));
    builder.append({ key: null, value: Buffer.from(value) }, 0);
    const batch = builder.finish('none');
    stampProducer(batch, { producerId, producerEpoch: 0, baseSequence: 0 });
    return this.#add(offset, batch);
  }

  marker(offset: bigint, producerId: bigint, committed: boolean): this {
    return this.#add(offset, endMarker({ producerId, producerEpoch: 0, committed }, 0));
  }

  /** What compaction leaves of a batch whose records are all gone. */
  emptied(offset: bigint, producerId: bigint, lastOffsetDelta: number): this {
    const builder = new BatchBuilder(Buffer.allocUnsafe(10_000));
    builder.append({ key: null, value: null }, 0);
    const batch = Buffer.from(builder.finish('none').subarray(0, batchLayout.records));
    batch.writeInt32BE(batch.length - 12, batchLayout.length);
    batch.writeInt32BE(lastOffsetDelta, batchLayout.lastOffsetDelta);
    batch.writeInt32BE(0, batchLayout.recordCount);
    stampProducer(batch, { producerId, producerEpoch: 0, baseSequence: 0 }, producerId >= 0n);
    return this.#add(offset, batch);
  }

  /** A batch that was made elsewhere. */
  raw(offset: bigint, batch: Buffer): this {
    return this.#add(offset, batch);
  }

  /** Flips a bit in the last batch. */
  damage(): this {
    const last = this.#batches.at(-1);
    if (last) last[last.length - 2] = (last[last.length - 2] ?? 0) ^ 1;
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#batches);
  }

  #add(offset: bigint, batch: Buffer): this {
    batch.writeBigInt64BE(offset, batchLayout.baseOffset);
    this.#batches.push(batch);
    return this;
  }
}
