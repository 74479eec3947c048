import { DataError } from '../../api/errors.ts';
import { Decimal } from '../../api/data/decimal.ts';
import {
  dateFromDays,
  decimalFromBytes,
  timeFromMillis,
  timestampFromMillis,
} from '../../api/data/logical.ts';
import { logicalNames } from '../../api/data/logical-names.ts';
import type { Field, Schema } from '../../api/data/schema.ts';
import { Struct } from '../../api/data/struct.ts';
import { conform } from '../../api/data/validate-value.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { JsonNumber } from '../../foundation/json/json-number.ts';
import { fromBase64, isIntegral, isObject, nodeType, toDouble, toInt, toLong } from './json-node.ts';

type Read = (node: unknown) => ConnectValue;

/**
 * JSON → Connect under a schema, compiled once a schema. Like JsonConverter it is lax about JSON types: what does
 * not fit a primitive reads as 0, false or null.
 */
export class ValueReader {
  readonly #replaceNullWithDefault: boolean;
  readonly #compiled = new WeakMap<Schema, Read>();

  constructor(options: { readonly replaceNullWithDefault: boolean }) {
    this.#replaceNullWithDefault = options.replaceNullWithDefault;
  }

  /** `node`: what JsonReader returned; undefined for an absent field. Throws a DataError. */
  read(schema: Schema, node: unknown): ConnectValue {
    return this.#reader(schema)(node);
  }

  #reader(schema: Schema): Read {
    let read = this.#compiled.get(schema);
    if (read === undefined) {
      read = this.#orNull(schema, this.#present(schema));
      this.#compiled.set(schema, read);
    }
    return read;
  }

  #orNull(schema: Schema, present: Read): Read {
    const replacement = this.#replaceNullWithDefault ? schema.default : undefined;
    return (node) => {
      if (node !== null && node !== undefined) return present(node);
      if (replacement !== undefined) return replacement;
      if (schema.optional) return null;
      throw new DataError(`Invalid null value for required ${schema.type} field`);
    };
  }

  #present(schema: Schema): Read {
    const logical = schema.name === null ? undefined : logicalReaders.get(schema.name);
    if (logical !== undefined) return (node) => logical(schema, node);
    switch (schema.type) {
      case 'ARRAY':
        return this.#array(schema);
      case 'MAP':
        return this.#map(schema);
      case 'STRUCT':
        return this.#struct(schema);
      default:
        return primitives[schema.type];
    }
  }

  #array(schema: Schema): Read {
    const element = this.#element(schema.valueSchema);
    return (node) => {
      if (Array.isArray(node)) return node.map((item) => element(item));
      // Jackson iterates the members of an object, and nothing at all for a scalar.
      return isObject(node) ? Object.values(node).map((item) => element(item)) : [];
    };
  }

  #map(schema: Schema): Read {
    const key = this.#element(schema.keySchema);
    const value = this.#element(schema.valueSchema);
    if (schema.keySchema?.type === 'STRING') {
      return (node) => {
        if (!isObject(node))
          throw new DataError(
            `Maps with string fields should be encoded as JSON objects, but found ${nodeType(node)}`,
          );
        return new Map(Object.entries(node).map(([name, member]) => [name, value(member)]));
      };
    }
    return (node) => {
      if (!Array.isArray(node)) {
        throw new DataError(
          `Maps with non-string fields should be encoded as JSON array of tuples, but found ${nodeType(node)}`,
        );
      }
      return new Map(node.map(pair).map(([first, second]) => [key(first), value(second)]));
    };
  }

  #struct(schema: Schema): Read {
    // Looking a member up is safe but for the few names every object inherits.
    const readers = schema.fields.map((field) => ({
      name: field.name,
      inherited: field.name in {},
      read: this.#field(field),
    }));
    return (node) => {
      if (!isObject(node))
        throw new DataError(`Structs should be encoded as JSON objects, but found ${nodeType(node)}`);
      const values = new Array<ConnectValue>(readers.length);
      for (let i = 0; i < readers.length; i++) {
        const field = readers[i];
        if (field === undefined) continue;
        values[i] = field.read(
          field.inherited && !Object.hasOwn(node, field.name) ? undefined : node[field.name],
        );
      }
      return Struct.of(schema, values);
    };
  }

  /**
   * Readers return values of their schema's type with one exception, the null for a string or bytes of another JSON
   * type: only where that can happen is a field checked as `Struct.put` would.
   */
  #field({ name, schema }: Field): Read {
    const read = this.#reader(schema);
    return mayReadNull(schema) ? (node) => conform(schema, read(node), `field: "${name}"`) : read;
  }

  #element(schema: Schema | null): Read {
    if (schema === null) throw new DataError('An array or map schema does not say the type of its elements');
    return this.#reader(schema);
  }
}

function pair(node: unknown): unknown[] {
  if (!Array.isArray(node))
    throw new DataError(`Found invalid map entry instead of array tuple: ${nodeType(node)}`);
  if (node.length !== 2)
    throw new DataError(`Found invalid map entry, expected length 2 but found :${node.length}`);
  return node;
}

function mayReadNull(schema: Schema | null): boolean {
  if (schema === null) return false;
  if (schema.type === 'STRING' || schema.type === 'BYTES') return !schema.optional;
  return schema.type !== 'STRUCT' && (mayReadNull(schema.keySchema) || mayReadNull(schema.valueSchema));
}

const primitives = {
  INT8: (node: unknown) => (toInt(node) << 24) >> 24,
  INT16: (node: unknown) => (toInt(node) << 16) >> 16,
  INT32: toInt,
  INT64: toLong,
  FLOAT32: (node: unknown) => Math.fround(toDouble(node)),
  FLOAT64: toDouble,
  BOOLEAN: (node: unknown) => node === true,
  STRING: (node: unknown) => (typeof node === 'string' ? node : null),
  BYTES: (node: unknown) => {
    if (typeof node !== 'string') return null;
    const bytes = fromBase64(node);
    if (bytes === null)
      throw new DataError('Invalid bytes field', { hint: 'Bytes are base64 text with padding in JSON.' });
    return bytes;
  },
};

const logicalReaders: ReadonlyMap<string, (schema: Schema, node: unknown) => ConnectValue> = new Map([
  [logicalNames.decimal, readDecimal],
  [logicalNames.date, readDate],
  [logicalNames.time, readTime],
  [logicalNames.timestamp, readTimestamp],
]);

function readDecimal(schema: Schema, node: unknown): ConnectValue {
  if (typeof node === 'number') return Decimal.parse(String(node));
  if (node instanceof JsonNumber) return Decimal.parse(node.literal);
  if (typeof node !== 'string') {
    throw new DataError(
      `Invalid type for Decimal, underlying representation should be numeric or bytes but was ${nodeType(node)}`,
    );
  }
  const bytes = fromBase64(node);
  try {
    if (bytes !== null) return decimalFromBytes(schema, bytes);
  } catch (error) {
    throw new DataError('Invalid bytes for Decimal field', { cause: error });
  }
  throw new DataError('Invalid bytes for Decimal field', {
    hint: 'The unscaled value as base64, or a number.',
  });
}

function readDate(schema: Schema, node: unknown): ConnectValue {
  requireInt('Date', node);
  return dateFromDays(schema, toInt(node));
}

function readTime(schema: Schema, node: unknown): ConnectValue {
  requireInt('Time', node);
  return timeFromMillis(schema, toInt(node));
}

function requireInt(type: string, node: unknown): void {
  if (typeof node === 'number' && (node | 0) === node) return;
  throw new DataError(
    `Invalid type for ${type}, underlying representation should be integer but was ${nodeType(node)}`,
  );
}

function readTimestamp(schema: Schema, node: unknown): ConnectValue {
  if (!isIntegral(node)) {
    throw new DataError(
      `Invalid type for Timestamp, underlying representation should be integral but was ${nodeType(node)}`,
    );
  }
  return timestampFromMillis(schema, toLong(node));
}
