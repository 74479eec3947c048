import { ConnectSchema, type Schema, type SchemaType } from '../../../lib/api/data/schema.ts';
import { decodeValue } from './decode-value.ts';

export interface TaggedSchema {
  readonly type: string;
  readonly optional?: boolean;
  readonly name?: string;
  readonly version?: number;
  readonly doc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly default?: unknown;
  readonly fields?: readonly (TaggedSchema & { readonly field: string })[];
  readonly keySchema?: TaggedSchema | null;
  readonly valueSchema?: TaggedSchema | null;
}

export function decodeSchema(tagged: TaggedSchema | null | undefined): Schema | null {
  if (tagged === null || tagged === undefined) return null;
  const parts = {
    type: tagged.type.toUpperCase() as SchemaType,
    optional: tagged.optional ?? false,
    name: tagged.name ?? null,
    version: tagged.version ?? null,
    doc: tagged.doc ?? null,
    parameters: tagged.parameters === undefined ? null : new Map(Object.entries(tagged.parameters)),
    fields: (tagged.fields ?? []).map((field, index) => ({
      name: field.field,
      index,
      schema: definitely(decodeSchema(field)),
    })),
    keySchema: decodeSchema(tagged.keySchema),
    valueSchema: decodeSchema(tagged.valueSchema),
  };
  const schema = new ConnectSchema(parts);
  if (tagged.default === undefined) return schema;
  return new ConnectSchema({ ...parts, default: decodeValue(tagged.default, schema) });
}

export function definitely<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('The vector lacks a part this kind needs');
  return value;
}
