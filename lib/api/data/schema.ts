import type { ConnectValue } from './value.ts';

export const schemaTypes = [
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FLOAT32',
  'FLOAT64',
  'BOOLEAN',
  'STRING',
  'BYTES',
  'ARRAY',
  'MAP',
  'STRUCT',
] as const;
export type SchemaType = (typeof schemaTypes)[number];

/** One field of a STRUCT; `index` is its place in `Struct.values`. */
export interface Field {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema;
}

/**
 * Describes a value. Schemas are immutable and made with `SchemaBuilder` or taken from the constants below; share
 * one object for all records of a kind, since converters cache by identity.
 */
export interface Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  /** Undefined: none. A field that is null reads as its default. */
  readonly default: ConnectValue | undefined;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  /** Null when there are none; in the order they were added. */
  readonly parameters: ReadonlyMap<string, string> | null;
  /** Of a STRUCT; empty for every other type. */
  readonly fields: readonly Field[];
  /** Of a MAP. Null as well where headers were parsed without knowing the type of their elements. */
  readonly keySchema: Schema | null;
  /** Of a MAP or an ARRAY; null as above. */
  readonly valueSchema: Schema | null;
  field(name: string): Field | undefined;
  /** As Kafka Connect prints it in messages: `Schema{name:STRUCT}`. */
  toString(): string;
}

/** What makes a schema; everything but the type may be left out. */
export interface SchemaParts {
  readonly type: SchemaType;
  readonly optional?: boolean;
  readonly default?: ConnectValue | undefined;
  readonly name?: string | null;
  readonly version?: number | null;
  readonly doc?: string | null;
  readonly parameters?: ReadonlyMap<string, string> | null;
  readonly fields?: readonly Field[];
  readonly keySchema?: Schema | null;
  readonly valueSchema?: Schema | null;
}

/** The one implementation. Plugins use `SchemaBuilder`, which checks what this constructor takes for granted. */
export class ConnectSchema implements Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly default: ConnectValue | undefined;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  readonly fields: readonly Field[];
  readonly keySchema: Schema | null;
  readonly valueSchema: Schema | null;
  readonly #byName: ReadonlyMap<string, Field>;

  constructor(parts: SchemaParts) {
    this.type = parts.type;
    this.optional = parts.optional ?? false;
    this.default = parts.default ?? undefined;
    this.name = parts.name ?? null;
    this.version = parts.version ?? null;
    this.doc = parts.doc ?? null;
    this.parameters = parts.parameters?.size ? parts.parameters : null;
    this.fields = parts.fields ?? [];
    this.keySchema = parts.keySchema ?? null;
    this.valueSchema = parts.valueSchema ?? null;
    this.#byName = new Map(this.fields.map((field) => [field.name, field]));
  }

  field(name: string): Field | undefined {
    return this.#byName.get(name);
  }

  toString(): string {
    return this.name === null ? `Schema{${this.type}}` : `Schema{${this.name}:${this.type}}`;
  }
}

const required = (type: SchemaType): Schema => new ConnectSchema({ type });
const optional = (type: SchemaType): Schema => new ConnectSchema({ type, optional: true });

export const int8Schema: Schema = required('INT8');
export const int16Schema: Schema = required('INT16');
export const int32Schema: Schema = required('INT32');
export const int64Schema: Schema = required('INT64');
export const float32Schema: Schema = required('FLOAT32');
export const float64Schema: Schema = required('FLOAT64');
export const booleanSchema: Schema = required('BOOLEAN');
export const stringSchema: Schema = required('STRING');
export const bytesSchema: Schema = required('BYTES');

export const optionalInt8Schema: Schema = optional('INT8');
export const optionalInt16Schema: Schema = optional('INT16');
export const optionalInt32Schema: Schema = optional('INT32');
export const optionalInt64Schema: Schema = optional('INT64');
export const optionalFloat32Schema: Schema = optional('FLOAT32');
export const optionalFloat64Schema: Schema = optional('FLOAT64');
export const optionalBooleanSchema: Schema = optional('BOOLEAN');
export const optionalStringSchema: Schema = optional('STRING');
export const optionalBytesSchema: Schema = optional('BYTES');
