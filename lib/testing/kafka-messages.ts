import { stringifyExact } from '../foundation/json/stringify-exact.ts';
import type { KafkaHeader } from '../kafka/ports.ts';

/** Bytes, the text itself, or data that is written as JSON; null and absent are null. */
export type MessagePart = Uint8Array | string | number | bigint | boolean | object | null | undefined;

/** A message as a test puts it into Kafka. */
export interface KafkaMessage {
  readonly key?: MessagePart;
  readonly value?: MessagePart;
  readonly headers?: readonly { readonly key: string; readonly value: MessagePart }[];
  /** Milliseconds since the epoch. */
  readonly timestamp?: number;
  /** Default 0. */
  readonly partition?: number;
}

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };

export function toBytes(part: MessagePart): Uint8Array | null {
  if (part === null || part === undefined) return null;
  if (part instanceof Uint8Array) return part;
  return utf8.encoder.encode(typeof part === 'string' ? part : stringifyExact(part));
}

export const toText = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : utf8.decoder.decode(bytes);

export const toKafkaHeaders = (headers: KafkaMessage['headers'] = []): KafkaHeader[] =>
  headers.map(({ key, value }) => ({ key, value: toBytes(value) }));
