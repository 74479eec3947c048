import { SchemaBuilder } from '../../api/data/schema-builder.ts';
import type { Field, Schema } from '../../api/data/schema.ts';
import { conform } from '../../api/data/validate-value.ts';
import type { ConnectValue } from '../../api/data/value.ts';

/** Gives `target` the name, version, doc and parameters of a schema: all but what says optional or default. */
export function copyBasics(source: Schema, target: SchemaBuilder): SchemaBuilder {
  if (source.name !== null) target.name(source.name);
  if (source.version !== null) target.version(source.version);
  if (source.doc !== null) target.doc(source.doc);
  return source.parameters === null ? target : target.parameters(source.parameters);
}

/** The same schema without fields, to be built on. */
export const copyOf = (source: Schema): SchemaBuilder =>
  copyBasics(source, new SchemaBuilder(source.type, source.keySchema, source.valueSchema));

/** A field's value as `replace.null.with.default` asks for it. */
export const fieldValue = (
  values: readonly ConnectValue[],
  field: Field,
  withDefault: boolean,
): ConnectValue => values[field.index] ?? (withDefault ? (field.schema.default ?? null) : null);

/**
 * The same for a field that is copied into another struct. Connect does that with Struct.put, which refuses a null
 * under a required schema, and a default that is not of the schema (a struct's default never has a default itself).
 */
export function copiedValue(
  values: readonly ConnectValue[],
  field: Field,
  withDefault: boolean,
): ConnectValue {
  return values[field.index] ?? checkedFor(field, fieldValue(values, field, withDefault));
}

/** What is put into a field. Values that are there were checked when their struct was made. */
export const checkedFor = (
  { name, schema }: Pick<Field, 'name' | 'schema'>,
  value: ConnectValue,
): ConnectValue => conform(schema, value, `field: "${name}"`);

/** Remembers what was made of a schema: records of a kind share theirs. */
export function perSchema<T extends object>(make: (schema: Schema) => T): (schema: Schema) => T {
  const made = new WeakMap<Schema, T>();
  /** Of the record before, which mostly is of the same kind. */
  let last: readonly [Schema, T] | undefined;
  return (schema) => {
    if (last?.[0] === schema) return last[1];
    let result = made.get(schema);
    if (result === undefined) {
      result = make(schema);
      made.set(schema, result);
    }
    last = [schema, result];
    return result;
  };
}
