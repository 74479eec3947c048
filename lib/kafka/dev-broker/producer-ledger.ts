import type { BatchHeader } from '../record-batch/batch-header.ts';

/** What a partition remembers of an idempotent producer: KIP-98, five batches for duplicates as brokers keep. */
interface Entry {
  epoch: number;
  lastSequence: number;
  readonly recent: {
    readonly baseSequence: number;
    readonly lastSequence: number;
    readonly baseOffset: bigint;
  }[];
}

const rememberedBatches = 5;
const maxSequence = 2 ** 31 - 1;

export type SequenceCheck =
  | { readonly accept: true }
  | { readonly accept: false; readonly errorCode: number }
  /** Appended before: its answer was lost, it is given again. */
  | { readonly accept: false; readonly errorCode: 0; readonly baseOffset: bigint };

const invalidProducerEpoch = 47;
const outOfOrderSequence = 45;

export class ProducerLedger {
  readonly #entries = new Map<bigint, Entry>();

  check(batch: BatchHeader): SequenceCheck {
    const entry = this.#entries.get(batch.producerId);
    if (!entry) return { accept: true };
    if (batch.producerEpoch < entry.epoch) return { accept: false, errorCode: invalidProducerEpoch };
    if (batch.producerEpoch > entry.epoch || entry.lastSequence < 0) {
      return batch.baseSequence === 0 ? { accept: true } : { accept: false, errorCode: outOfOrderSequence };
    }
    const lastSequence = lastSequenceOf(batch);
    const seen = entry.recent.find(
      (recent) => recent.baseSequence === batch.baseSequence && recent.lastSequence === lastSequence,
    );
    if (seen) return { accept: false, errorCode: 0, baseOffset: seen.baseOffset };
    const expected = entry.lastSequence === maxSequence ? 0 : entry.lastSequence + 1;
    return batch.baseSequence === expected
      ? { accept: true }
      : { accept: false, errorCode: outOfOrderSequence };
  }

  record(batch: BatchHeader): void {
    const known = this.#entries.get(batch.producerId);
    const entry: Entry =
      known?.epoch === batch.producerEpoch
        ? known
        : { epoch: batch.producerEpoch, lastSequence: -1, recent: [] };
    const lastSequence = lastSequenceOf(batch);
    entry.lastSequence = lastSequence;
    entry.recent.push({ baseSequence: batch.baseSequence, lastSequence, baseOffset: batch.baseOffset });
    if (entry.recent.length > rememberedBatches) entry.recent.shift();
    this.#entries.set(batch.producerId, entry);
  }

  /** A transaction marker carries the coordinator's epoch: what is older is a zombie from here on. */
  fence(producerId: bigint, epoch: number): void {
    const entry = this.#entries.get(producerId);
    if (!entry || entry.epoch < epoch) this.#entries.set(producerId, { epoch, lastSequence: -1, recent: [] });
  }
}

function lastSequenceOf(batch: BatchHeader): number {
  const last = batch.baseSequence + batch.recordCount - 1;
  return last > maxSequence ? last - maxSequence - 1 : last;
}
