import type { Schema } from '../../api/data/schema.ts';
import { jacksonEscapes } from './jackson-text.ts';
import type { ValueWriter } from './value-writer.ts';

/** A schema as the JSON text of an envelope; members in the order JsonConverter writes them. */
export function writeSchema(schema: Schema, values: ValueWriter, field?: string): string {
  const members = [
    `"type":"${typeName(schema)}"`,
    ...elements(schema, values),
    `"optional":${schema.optional}`,
    ...attribute('name', schema.name),
    ...attribute('version', schema.version),
    ...attribute('doc', schema.doc),
    ...attribute('parameters', schema.parameters === null ? null : Object.fromEntries(schema.parameters)),
    ...(schema.default === undefined ? [] : [`"default":${values.write(schema, schema.default)}`]),
    ...(field === undefined ? [] : attribute('field', field)),
  ];
  return `{${members.join(',')}}`;
}

const attribute = (name: string, value: unknown): string[] =>
  value === null ? [] : [`"${name}":${jacksonEscapes(JSON.stringify(value))}`];

function typeName({ type }: Schema): string {
  if (type === 'FLOAT32') return 'float';
  return type === 'FLOAT64' ? 'double' : type.toLowerCase();
}

function elements(schema: Schema, values: ValueWriter): string[] {
  const nested = (part: Schema | null): string => (part === null ? 'null' : writeSchema(part, values));
  switch (schema.type) {
    case 'ARRAY':
      return [`"items":${nested(schema.valueSchema)}`];
    case 'MAP':
      return [`"keys":${nested(schema.keySchema)}`, `"values":${nested(schema.valueSchema)}`];
    case 'STRUCT':
      return [
        `"fields":[${schema.fields.map((each) => writeSchema(each.schema, values, each.name)).join(',')}]`,
      ];
    default:
      return [];
  }
}
