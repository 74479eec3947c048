import { BigInteger } from '../../../lib/api/data/big-integer.ts';
import { Float32, Float64, Int16, Int32, Int8 } from '../../../lib/api/data/boxed.ts';
import { Decimal } from '../../../lib/api/data/decimal.ts';
import { Instant } from '../../../lib/api/data/instant.ts';
import type { Schema } from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import { javaParseDouble } from '../../../lib/foundation/java/number-parse.ts';
import { decodeSchema, definitely, type TaggedSchema } from './decode-schema.ts';

type Tagged = Readonly<Record<string, unknown>>;

const decoders: Readonly<
  Record<string, (payload: never, schema: Schema | null, tagged: Tagged) => ConnectValue>
> = {
  boolean: (value: boolean) => value,
  string: (value: string) => value,
  int8: (value: number, schema) => (schema?.type === 'INT8' ? value : new Int8(value)),
  int16: (value: number, schema) => (schema?.type === 'INT16' ? value : new Int16(value)),
  int32: (value: number, schema) => (schema?.type === 'INT32' ? value : new Int32(value)),
  int64: (value: string, schema) =>
    schema === null && Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value),
  float32: (value: string, schema) => {
    const float = Math.fround(parseFloatText(value));
    return schema?.type === 'FLOAT32' ? float : new Float32(float);
  },
  float64: (value: string, schema) => {
    const double = parseFloatText(value);
    if (schema?.type === 'FLOAT64') return double;
    return schema === null && !Number.isSafeInteger(double) ? double : new Float64(double);
  },
  bytes: decodeBytes,
  bytebuffer: decodeBytes,
  decimal: (value: { unscaled: string; scale: number }) => new Decimal(BigInt(value.unscaled), value.scale),
  bigint: (value: string) => new BigInteger(BigInt(value)),
  date: (value: string) => {
    const millis = Number(value);
    return new Instant(Number.isSafeInteger(millis) ? millis : BigInt(value));
  },
  array: (items: readonly unknown[], schema) =>
    items.map((item) => decodeValue(item, schema?.valueSchema ?? null)),
  map: decodeMap,
  struct: decodeStruct,
};

/** A tagged value as the TypeScript value it means under `schema` (lib/api/data/value.ts). */
export function decodeValue(tagged: unknown, schema: Schema | null): ConnectValue {
  if (tagged === null || tagged === undefined) return null;
  const object = tagged as Tagged;
  const tag = definitely(Object.keys(object).find((key) => key !== 'schema'));
  return definitely(decoders[tag])(object[tag] as never, schema, object);
}

export const decodeBase64 = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

function decodeBytes(base64: string): Uint8Array {
  return decodeBase64(base64);
}

const parseFloatText = (text: string): number => definitely(javaParseDouble(text));

function decodeMap(entries: readonly (readonly [unknown, unknown])[], schema: Schema | null): ConnectValue {
  const decoded = entries.map(
    ([key, value]) =>
      [decodeValue(key, schema?.keySchema ?? null), decodeValue(value, schema?.valueSchema ?? null)] as const,
  );
  const isObject = schema === null && decoded.every(([key]) => typeof key === 'string');
  return isObject ? Object.fromEntries(decoded as [string, ConnectValue][]) : new Map(decoded);
}

function decodeStruct(
  fields: readonly (readonly [string, unknown])[],
  context: Schema | null,
  tagged: Tagged,
): Struct {
  const own = decodeSchema(tagged['schema'] as TaggedSchema | undefined);
  const struct = new Struct(definitely(own ?? context));
  for (const [name, value] of fields) {
    if (value !== null) struct.put(name, decodeValue(value, definitely(struct.schema.field(name)).schema));
  }
  return struct;
}
