import { DataError } from '../errors.ts';
import { valueEquals } from './equals.ts';
import { javaString } from './java-string.ts';
import type { Field, Schema, SchemaType } from './schema.ts';
import { structBrand } from './struct-brand.ts';
import { conform } from './validate-value.ts';
import type { ConnectValue } from './value.ts';

/**
 * A record with named, typed fields. `put` checks each value against its field at once; nothing is widened. A field
 * that was never put is null, and `get` reads it as its default.
 *
 * Two ways to make one: `new Struct(schema).put('id', 1n)`, or, for hot paths, `Struct.of(schema, values)`.
 */
export class Struct {
  readonly schema: Schema;
  readonly #values: ConnectValue[];

  /** Throws a DataError unless `schema` is a STRUCT. Leave `values` out: `Struct.of` says what it means. */
  constructor(schema: Schema, values?: ConnectValue[]) {
    if (schema.type !== 'STRUCT') throw new DataError(`Not a struct schema: ${schema.toString()}`);
    this.schema = schema;
    this.#values = values ?? new Array<ConnectValue>(schema.fields.length).fill(null);
  }

  /**
   * Takes over `values` (by field index, null where unset) **without checking them**: the caller vouches for types,
   * for required fields and for the forms of value.ts (bigint under INT64). A wrong value surfaces in a converter,
   * far from its cause; everything but measured hot paths uses `put`.
   */
  static of(schema: Schema, values: ConnectValue[]): Struct {
    return new Struct(schema, values);
  }

  get [structBrand](): true {
    return true;
  }

  /** By field index; null where unset, without defaults. For readers that walk all fields. */
  get values(): readonly ConnectValue[] {
    return this.#values;
  }

  /** Sets a field. Throws a DataError for an unknown field or a value of another type. */
  put(field: string, value: ConnectValue): this {
    const { name, index, schema } = this.#field(field);
    this.#values[index] = conform(schema, value, `field: "${name}"`);
    return this;
  }

  /** The value, or the field's default where there is none. */
  get(field: string): ConnectValue {
    const { index, schema } = this.#field(field);
    return this.#values[index] ?? schema.default ?? null;
  }

  getWithoutDefault(field: string): ConnectValue {
    return this.#values[this.#field(field).index] ?? null;
  }

  getInt8(field: string): number | null {
    return this.#typed(field, 'INT8', isNumber);
  }
  getInt16(field: string): number | null {
    return this.#typed(field, 'INT16', isNumber);
  }
  getInt32(field: string): number | null {
    return this.#typed(field, 'INT32', isNumber);
  }
  getInt64(field: string): bigint | null {
    return this.#typed(field, 'INT64', (value) => typeof value === 'bigint');
  }
  getFloat32(field: string): number | null {
    return this.#typed(field, 'FLOAT32', isNumber);
  }
  getFloat64(field: string): number | null {
    return this.#typed(field, 'FLOAT64', isNumber);
  }
  getBoolean(field: string): boolean | null {
    return this.#typed(field, 'BOOLEAN', (value) => typeof value === 'boolean');
  }
  getString(field: string): string | null {
    return this.#typed(field, 'STRING', (value) => typeof value === 'string');
  }
  getBytes(field: string): Uint8Array | null {
    return this.#typed(field, 'BYTES', (value) => value instanceof Uint8Array);
  }
  getArray(field: string): readonly ConnectValue[] | null {
    return this.#typed(field, 'ARRAY', (value): value is readonly ConnectValue[] => Array.isArray(value));
  }
  getMap(field: string): ReadonlyMap<ConnectValue, ConnectValue> | null {
    return this.#typed(
      field,
      'MAP',
      (value): value is Map<ConnectValue, ConnectValue> => value instanceof Map,
    );
  }
  getStruct(field: string): Struct | null {
    return this.#typed(field, 'STRUCT', (value) => value instanceof Struct);
  }

  /** Throws a DataError unless every required field without a default is set; nested structs are checked as well. */
  validate(): void {
    for (const { name, index, schema } of this.schema.fields) {
      const value = this.#values[index] ?? null;
      if (value === null && (schema.optional || schema.default !== undefined)) continue;
      conform(schema, value, `field: "${name}"`);
    }
  }

  equals(other: unknown): boolean {
    return other instanceof Struct && valueEquals(this, other);
  }

  toString(): string {
    const set = this.schema.fields.filter(({ index }) => this.#values[index] !== null);
    return `Struct{${set.map(({ name, index, schema }) => `${name}=${javaString(this.#values[index] ?? null, schema)}`).join(',')}}`;
  }

  #field(name: string): Field {
    const field = this.schema.field(name);
    if (field === undefined) throw new DataError(`${name} is not a valid field name`);
    return field;
  }

  /** Like Connect, the typed getters do not apply defaults. */
  #typed<T extends ConnectValue>(
    name: string,
    type: SchemaType,
    is: (value: ConnectValue) => value is T,
  ): T | null {
    const field = this.#field(name);
    if (field.schema.type !== type) throw new DataError(`Field '${name}' is not of type ${type}`);
    const value = this.#values[field.index] ?? null;
    if (value === null || is(value)) return value;
    throw new DataError(`Field '${name}' holds a logical value: read it with get()`);
  }
}

const isNumber = (value: ConnectValue): value is number => typeof value === 'number';
