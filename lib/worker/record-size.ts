import { ConnectError } from '../api/errors.ts';
import type { ConnectorConfig } from '../api/config.ts';
import type { ProduceRecord } from '../kafka/ports.ts';

/** The Java producer's default for `max.request.size`. */
const defaultMaxRequestSize = 1_048_576;
/** What a batch (61 bytes) and the fields of a record (at most 21) add, as the Java producer reckons. */
const overhead = 61 + 21;
/** Length prefixes of a header: two varints of at most five bytes. */
const headerOverhead = 10;

/** The largest record the producer takes: `producer.override.max.request.size`, bytes. */
export const maxRequestSize = (config: ConnectorConfig): number =>
  Number(config['producer.override.max.request.size'] ?? defaultMaxRequestSize);

/** Undefined, or why the record is too large to be sent: found before the send, so that its neighbours still arrive. */
export function tooLarge(record: ProduceRecord, limit: number): ConnectError | undefined {
  // Text is at most three bytes a character: only what may be too large is measured.
  const { value } = record;
  const text = typeof value === 'string' ? value : '';
  if (sizeOf(record, text === '' ? (value?.length ?? 0) : 3 * text.length) <= limit) return undefined;
  const size = sizeOf(record, text === '' ? (value?.length ?? 0) : Buffer.byteLength(text));
  if (size <= limit) return undefined;
  return new ConnectError(
    `The message is ${size} bytes when serialized which is larger than ${limit}, which is the value of the max.request.size configuration.`,
    {
      code: 'RECORD_TOO_LARGE',
      hint: 'Raise producer.override.max.request.size, and max.message.bytes of the topic with it.',
    },
  );
}

/** An upper bound, uncompressed. */
function sizeOf({ key, headers }: ProduceRecord, valueBytes: number): number {
  let bytes = (key?.length ?? 0) + valueBytes + overhead;
  if (headers === undefined) return bytes;
  for (const header of headers)
    bytes += headerOverhead + Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  return bytes;
}
