import { ConnectError } from '../errors.ts';
import { ConnectSchema, type Field, type Schema, type SchemaType } from './schema.ts';
import { conform } from './validate-value.ts';
import type { ConnectValue } from './value.ts';

const failed = (message: string, cause?: unknown): ConnectError =>
  new ConnectError(message, { code: 'SCHEMA_BUILDER', cause });

/**
 * Builds a schema step by step: `SchemaBuilder.struct().name('order').field('id', int64Schema).build()`. Each
 * property can be set once; a wrong call throws a ConnectError with code SCHEMA_BUILDER.
 */
export class SchemaBuilder {
  readonly type: SchemaType;
  readonly #keySchema: Schema | null;
  readonly #valueSchema: Schema | null;
  readonly #fields = new Map<string, Field>();
  #optional: boolean | undefined;
  #default: ConnectValue | undefined;
  #name: string | undefined;
  #version: number | undefined;
  #doc: string | undefined;
  #parameters: Map<string, string> | null = null;

  /** Mostly for schemas whose type is data; a MAP or an ARRAY made here does not know its elements. */
  constructor(type: SchemaType, keySchema: Schema | null = null, valueSchema: Schema | null = null) {
    this.type = type;
    this.#keySchema = keySchema;
    this.#valueSchema = valueSchema;
  }

  static int8(): SchemaBuilder {
    return new SchemaBuilder('INT8');
  }
  static int16(): SchemaBuilder {
    return new SchemaBuilder('INT16');
  }
  static int32(): SchemaBuilder {
    return new SchemaBuilder('INT32');
  }
  static int64(): SchemaBuilder {
    return new SchemaBuilder('INT64');
  }
  static float32(): SchemaBuilder {
    return new SchemaBuilder('FLOAT32');
  }
  static float64(): SchemaBuilder {
    return new SchemaBuilder('FLOAT64');
  }
  static bool(): SchemaBuilder {
    return new SchemaBuilder('BOOLEAN');
  }
  static string(): SchemaBuilder {
    return new SchemaBuilder('STRING');
  }
  static bytes(): SchemaBuilder {
    return new SchemaBuilder('BYTES');
  }
  static struct(): SchemaBuilder {
    return new SchemaBuilder('STRUCT');
  }
  static array(valueSchema: Schema): SchemaBuilder {
    if (isMissing(valueSchema)) throw failed('valueSchema cannot be null.');
    return new SchemaBuilder('ARRAY', null, valueSchema);
  }
  static map(keySchema: Schema, valueSchema: Schema): SchemaBuilder {
    if (isMissing(keySchema)) throw failed('keySchema cannot be null.');
    if (isMissing(valueSchema)) throw failed('valueSchema cannot be null.');
    return new SchemaBuilder('MAP', keySchema, valueSchema);
  }

  optional(): this {
    this.#optional = setOnce('optional', this.#optional, true);
    return this;
  }

  required(): this {
    this.#optional = setOnce('optional', this.#optional, false);
    return this;
  }

  /** Checked against what was set so far: call `optional()` first when the default is null. */
  defaultValue(value: ConnectValue): this {
    if (this.#default !== undefined) throw alreadySet('default');
    try {
      this.#default = conform(this.build(), value, 'value') ?? undefined;
    } catch (error) {
      throw failed('Invalid default value', error);
    }
    return this;
  }

  name(name: string): this {
    this.#name = setOnce('name', this.#name, name);
    return this;
  }

  version(version: number): this {
    this.#version = setOnce('version', this.#version, version);
    return this;
  }

  doc(doc: string): this {
    this.#doc = setOnce('doc', this.#doc, doc);
    return this;
  }

  parameter(name: string, value: string): this {
    this.#parameters ??= new Map();
    this.#parameters.set(name, value);
    return this;
  }

  parameters(parameters: ReadonlyMap<string, string>): this {
    for (const [name, value] of parameters) this.parameter(name, value);
    return this;
  }

  /** Appends a field to a struct. */
  field(name: string, schema: Schema): this {
    if (this.type !== 'STRUCT') throw failed(`Cannot create fields on type ${this.type}`);
    if (isMissing(name) || name === '') throw failed('fieldName cannot be null.');
    if (isMissing(schema)) throw failed(`fieldSchema for field ${name} cannot be null.`);
    if (this.#fields.has(name)) throw failed(`Cannot create field because of field name duplication ${name}`);
    this.#fields.set(name, { name, index: this.#fields.size, schema });
    return this;
  }

  hasField(name: string): boolean {
    return this.#fields.has(name);
  }

  build(): Schema {
    return new ConnectSchema({
      type: this.type,
      optional: this.#optional ?? false,
      default: this.#default,
      name: this.#name ?? null,
      version: this.#version ?? null,
      doc: this.#doc ?? null,
      parameters: this.#parameters === null ? null : new Map(this.#parameters),
      fields: [...this.#fields.values()],
      keySchema: this.#keySchema,
      valueSchema: this.#valueSchema,
    });
  }
}

/** Schemas come from JSON and plain JavaScript too, where the types are not enforced. */
const isMissing = (value: unknown): boolean => value === null || value === undefined;

const alreadySet = (property: string): ConnectError =>
  failed(`Invalid SchemaBuilder call: ${property} has already been set.`);

function setOnce<T>(property: string, current: T | undefined, value: T): T {
  if (current !== undefined && current !== value) throw alreadySet(property);
  return value;
}
