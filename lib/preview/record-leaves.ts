import { logicalNames } from '../api/data/logical-names.ts';
import { javaClassOf, numericTypeOf } from '../api/data/java-class.ts';
import { Decimal } from '../api/data/decimal.ts';
import { Instant } from '../api/data/instant.ts';
import { isBoxed } from '../api/data/boxed.ts';
import type { Schema } from '../api/data/schema.ts';
import { isStruct } from '../api/data/struct-brand.ts';
import type { ConnectValue } from '../api/data/value.ts';
import type { ConnectRecord } from '../api/record.ts';
import { type PlainValue, plainValue } from './plain-value.ts';

/** One place in a record that holds a value of its own. */
export interface Leaf {
  /** `topic`, `key.id`, `value.items[0].price`, `headers.trace`. */
  readonly path: string;
  readonly value: PlainValue;
  /** Connect's name of the type: `INT32`, `Timestamp`; of a schemaless value the type it stands for. */
  readonly type: string;
}

/** A record as its leaves, in the order in which they are shown. */
export function recordLeaves(record: ConnectRecord): Leaf[] {
  const { topic, kafkaPartition, timestamp, headers = [] } = record;
  const seen = new Map<string, number>();
  return [
    { path: 'topic', value: topic, type: 'STRING' },
    ...(kafkaPartition === null || kafkaPartition === undefined
      ? []
      : [{ path: 'partition', value: kafkaPartition, type: 'INT32' }]),
    ...leaves('key', record.key ?? null, record.keySchema ?? null),
    ...leaves('value', record.value ?? null, record.valueSchema ?? null),
    ...headers.flatMap(({ key, schema, value }) => {
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      return leaves(`headers.${key}${count === 0 ? '' : `#${count + 1}`}`, value, schema);
    }),
    {
      path: 'timestamp',
      value: timestamp === null || timestamp === undefined ? null : plainValue(new Instant(timestamp)),
      type: 'Timestamp',
    },
  ];
}

function leaves(path: string, value: ConnectValue, schema: Schema | null): Leaf[] {
  const inner = children(value, schema);
  return inner === null || inner.length === 0
    ? [{ path, value: plainValue(value, schema), type: typeOf(value, schema) }]
    : inner.flatMap(([step, item, itemSchema]) => leaves(path + step, item ?? null, itemSchema));
}

type Child = readonly [step: string, value: ConnectValue | undefined, schema: Schema | null];

/** Null for a value without parts. */
function children(value: ConnectValue, schema: Schema | null): Child[] | null {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return null;
  if (isBoxed(value) || value instanceof Decimal || value instanceof Instant) return null;
  if (isStruct(value)) {
    const { values } = value;
    return value.schema.fields.map((field): Child => [`.${field.name}`, values[field.index], field.schema]);
  }
  const itemSchema = schema?.valueSchema ?? null;
  if (Array.isArray(value)) return value.map((item: ConnectValue, i): Child => [`[${i}]`, item, itemSchema]);
  if (value instanceof Map)
    return [...(value as ReadonlyMap<ConnectValue, ConnectValue>)].map(([key, item]): Child => {
      const name = plainValue(key, schema?.keySchema ?? null);
      return [typeof name === 'string' ? `.${name}` : `{${String(name)}}`, item, itemSchema];
    });
  return Object.entries(value as Readonly<Record<string, ConnectValue>>).map(
    ([key, item]): Child => [`.${key}`, item, null],
  );
}

const logicalTypes = new Map<string, string>(
  Object.values(logicalNames).map((name) => [name, name.slice(name.lastIndexOf('.') + 1)]),
);

function typeOf(value: ConnectValue, schema: Schema | null): string {
  if (schema !== null) return logicalTypes.get(schema.name ?? '') ?? schema.type;
  const name = numericTypeOf(value, null) ?? javaClassOf(value);
  return schemalessTypes[name] ?? name;
}

const schemalessTypes: Readonly<Record<string, string>> = {
  'java.lang.String': 'STRING',
  'java.lang.Boolean': 'BOOLEAN',
  '[B': 'BYTES',
  'java.math.BigDecimal': 'Decimal',
  'java.util.Date': 'Timestamp',
  'java.util.ArrayList': 'ARRAY',
  'java.util.HashMap': 'MAP',
};
