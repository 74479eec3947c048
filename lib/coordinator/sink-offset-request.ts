import { fromDouble } from '../api/data/schemaless.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { isPlainObject } from '../api/data/java-class.ts';
import { javaString } from '../api/data/java-string.ts';
import { ConnectError } from '../api/errors.ts';
import { type TopicPartition, topicPartition } from '../api/topic-partition.ts';
import { exactInteger, type NumberHook } from '../foundation/json/json-number.ts';
import { javaParseInteger } from '../foundation/java/number-parse.ts';

/** How parseExact is to read the numbers of a request: `5.0` is no integer, and no integer is rounded or wrapped. */
export const requestNumber: NumberHook = (literal) =>
  /[.eE]/.test(literal) ? fromDouble(Number(literal)) : exactInteger(literal);

/** One element of `offsets` in a request to alter the offsets of a connector (KIP-875), its numbers read by `requestNumber`. */
export interface OffsetRequest {
  readonly partition?: unknown;
  readonly offset?: unknown;
}

export interface RequestedOffset {
  readonly topic: string;
  readonly partition: number;
  /** The next record to read; null: forget what was committed. */
  readonly offset: bigint | null;
}

/**
 * What a request wants of a sink: `{kafka_topic, kafka_partition}` and `{kafka_offset}` or null, with numbers also as
 * strings. Whether the topic and the position exist is for Kafka to say. Throws BAD_REQUEST in Connect's words.
 */
export function parseSinkOffsets(
  requests: readonly OffsetRequest[],
): ReadonlyMap<TopicPartition, RequestedOffset> {
  const parsed = new Map<TopicPartition, RequestedOffset>();
  for (const request of requests) {
    const { topic, partition } = parsePartition(request.partition);
    parsed.set(topicPartition(topic, partition), { topic, partition, offset: parseOffset(request.offset) });
  }
  return parsed;
}

function parsePartition(requested: unknown): { topic: string; partition: number } {
  if (requested === null || requested === undefined)
    throw badRequest('The partition for a sink connector offset cannot be null or missing');
  const members = membersOf('partition', requested);
  const { kafka_topic: topic, kafka_partition: partition } = members;
  if (topic === undefined || partition === undefined) {
    throw badRequest(
      "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'",
    );
  }
  if (topic === null) throw badRequest('Kafka topic names must be valid strings and may not be null');
  if (partition === null) throw badRequest('Kafka partitions must be valid numbers and may not be null');
  return { topic: javaString(topic, null), partition: Number(parseInteger('Partition', partition)) };
}

function parseOffset(requested: unknown): bigint | null {
  if (requested === null || requested === undefined) return null;
  const { kafka_offset: offset } = membersOf('offset', requested);
  if (offset === undefined) {
    throw badRequest(
      "The offset for a sink connector should either be null or contain the key 'kafka_offset'",
    );
  }
  return parseInteger('Offset', offset);
}

function parseInteger(what: 'Partition' | 'Offset', value: ConnectValue): bigint {
  const text = javaString(value, null);
  const parsed = javaParseInteger(text, what === 'Partition' ? 32 : 64);
  if (parsed !== null) return parsed;
  throw badRequest(
    `Failed to parse the following Kafka ${what.toLowerCase()} value in the provided offsets: '${text}'. ${what} values for sink connectors need to be integers.`,
  );
}

function membersOf(what: string, requested: unknown): Readonly<Record<string, ConnectValue | undefined>> {
  if (isPlainObject(requested)) return requested;
  throw badRequest(`The ${what} of a sink connector offset must be a JSON object`);
}

const badRequest = (message: string): ConnectError => new ConnectError(message, { code: 'BAD_REQUEST' });
