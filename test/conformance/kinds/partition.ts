import { murmur2, partitionForKey } from '../../../lib/kafka/partitioner.ts';
import { decodeBase64 } from '../codec/decode-value.ts';
import type { VectorCase } from '../vector-case.ts';

export function partition({ input }: VectorCase): unknown {
  const { text, bytes, partitions } = input as { text?: string; bytes?: string; partitions?: number };
  const key = text === undefined ? decodeBase64(bytes ?? '') : Buffer.from(text);
  return {
    murmur2: murmur2(key),
    ...(partitions !== undefined && { partition: partitionForKey(key, partitions) }),
  };
}
