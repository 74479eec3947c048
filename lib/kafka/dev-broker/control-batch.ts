import { batchAttributes, batchLayout } from '../record-batch/batch-header.ts';
import { BatchBuilder, stampProducer } from '../record-batch/batch-builder.ts';

export interface Marker {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly committed: boolean;
}

const coordinatorEpoch = 0;

/** The control batch that ends a transaction on a partition: key is version and type, value the coordinator's epoch. */
export function endMarker(marker: Marker, timestamp: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(marker.committed ? 1 : 0, 2);
  const value = Buffer.alloc(6);
  value.writeInt32BE(coordinatorEpoch, 2);
  const builder = new BatchBuilder(Buffer.allocUnsafe(200));
  builder.append({ key, value }, timestamp);
  const batch = builder.finish('none');
  batch.writeInt16BE(batchAttributes.control, batchLayout.attributes);
  const { producerId, producerEpoch } = marker;
  stampProducer(batch, { producerId, producerEpoch, baseSequence: -1 }, true);
  return Buffer.from(batch);
}
