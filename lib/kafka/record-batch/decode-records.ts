import { batchAttributes, batchLayout, type BatchHeader } from './batch-header.ts';
import { BatchRecord, type BatchContext } from './batch-record.ts';
import { decompress } from './compression/codecs.ts';
import { corruptBatch } from './corrupt-batch.ts';
import { crc32c } from './crc32c.ts';
import { VarintReader } from './varint.ts';

export function checkCrc(header: BatchHeader): void {
  const actual = crc32c(header.bytes, batchLayout.attributes);
  if (actual === header.crc) return;
  throw corruptBatch(
    `record batch at offset ${header.baseOffset}: CRC ${actual} where ${header.crc} was announced`,
  );
}

/** Appends the batch's records from `fromOffset` on to `into`. Throws KafkaError where the bytes make no sense. */
export function decodeRecords(header: BatchHeader, fromOffset: bigint, into: BatchRecord[]): void {
  const compressed = header.bytes.subarray(batchLayout.records);
  const bytes = decompress(header.attributes & batchAttributes.compression, compressed);
  const appended = (header.attributes & batchAttributes.logAppendTime) !== 0;
  const context: BatchContext = {
    bytes,
    baseOffset: header.baseOffset,
    timestampType: appended ? 'LogAppendTime' : 'CreateTime',
    appendTimestamp: appended ? header.maxTimestamp : undefined,
  };
  const firstDelta = Number(fromOffset - header.baseOffset);
  const reader = new VarintReader(bytes, 0, bytes.length);
  try {
    for (let left = header.recordCount; left > 0; left--) {
      const length = reader.varint();
      const end = reader.at + length;
      const record = new BatchRecord(context, reader, header.baseTimestamp, end);
      if (record.offsetDelta >= firstDelta) into.push(record);
      reader.at = end;
      reader.skip(0);
    }
  } catch (error) {
    throw corruptBatch(`record batch at offset ${header.baseOffset} cannot be read`, error);
  }
}
