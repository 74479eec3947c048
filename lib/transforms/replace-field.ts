import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { invalid } from '../api/config-def/invalid.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import { Struct } from '../api/data/struct.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { replaceNullWithDefault } from './core/config-keys.ts';
import { fieldsOf, requireMap, requireStruct } from './core/requirements.ts';
import { entriesOf, likeMap } from './core/schemaless-map.ts';
import { copyBasics, fieldValue, perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';

const keys = {
  exclude: {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    doc: 'The fields to remove; it wins over `include`.',
  },
  include: {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    doc: 'The only fields to keep; empty keeps all.',
  },
  renames: {
    type: 'LIST',
    default: [],
    validator: {
      description: 'list of colon-delimited pairs, e.g. foo:bar,abc:xyz',
      ensureValid: (_name, value) => void parseRenames((value ?? []) as readonly string[]),
    },
    importance: 'MEDIUM',
    doc: 'Old and new names of fields, `old:new,…`. `include` and `exclude` look at the old ones.',
  },
  ...replaceNullWithDefault,
} as const satisfies ConfigKeys;

function parseRenames(mappings: readonly string[]): Map<string, string> {
  const renames = new Map<string, string>();
  for (const mapping of mappings) {
    // Java's split drops an empty part at the end.
    const parts = mapping.replace(/:+$/, '').split(':');
    const [from = '', to] = parts;
    if (parts.length !== 2 || to === undefined)
      throw invalid('renames', mappings, `Invalid rename mapping: ${mapping}`);
    renames.set(from, to);
  }
  return renames;
}

const purpose = 'field replacement';

/** Removes and renames fields. */
const replaceField: SideTransformation<typeof keys> = {
  name: 'ReplaceField',
  configDef: new ConfigDef(keys),
  create(config) {
    const renames = parseRenames(config.renames);
    const [exclude, include] = [new Set(config.exclude), new Set(config.include)];
    const keeps = (name: string): boolean => !exclude.has(name) && (include.size === 0 || include.has(name));
    const renamed = (name: string): string => renames.get(name) ?? name;
    const withDefault = config['replace.null.with.default'];
    const schemaOf = perSchema((schema) => {
      const builder = copyBasics(schema, SchemaBuilder.struct());
      for (const field of fieldsOf(schema))
        if (keeps(field.name)) builder.field(renamed(field.name), field.schema);
      return builder.build();
    });
    return (content) => {
      if (content.value === null) return content;
      if (content.schema === null) {
        const map = requireMap(content.value, purpose);
        const kept = entriesOf(map).filter(([name]) => keeps(name as string));
        return {
          schema: null,
          value: likeMap(
            map,
            kept.map(([name, value]) => [renamed(name as string), value]),
          ),
        };
      }
      const struct = requireStruct(content.value, purpose, content.schema);
      const schema = schemaOf(content.schema);
      const kept = struct.schema.fields.filter((field) => keeps(field.name));
      return {
        schema,
        value: Struct.of(
          schema,
          kept.map((field) => fieldValue(struct, field, withDefault)),
        ),
      };
    };
  },
};

export const replaceFieldKey: TransformationPlugin = sidePlugin('Key', replaceField);
export const replaceFieldValue: TransformationPlugin = sidePlugin('Value', replaceField);
