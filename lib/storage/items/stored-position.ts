import type { OffsetMap } from '../../api/record.ts';

/** A position of a source partition or a topic-partition, as Connect's REST API shows both. */
export interface StoredPosition {
  readonly partition: OffsetMap;
  /** Null: nothing was ever committed, or it was deleted. */
  readonly offset: OffsetMap | null;
  /** A time at which it held, milliseconds since the epoch; 0: never. */
  readonly storedAt: number;
}
