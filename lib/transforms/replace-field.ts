import { ConfigDef, type ConfigKeys, type ParsedConfig } from '../api/config-def.ts';
import { listOf } from '../api/config-def/validators.ts';
import { invalid } from '../api/config-def/invalid.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxExtension, replaceNullWithDefault } from './core/config-keys.ts';
import { editMap } from './core/edit-map.ts';
import { FieldTree } from './core/field-tree.ts';
import { requireFieldName, requireMap, requireStruct } from './core/requirements.ts';
import { perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';
import { fieldsChange, StructPlan } from './core/struct-plan.ts';

const keys = {
  exclude: {
    type: 'LIST',
    default: [],
    validator: listOf(),
    importance: 'MEDIUM',
    doc: 'The fields to remove; it wins over `include`.',
  },
  include: {
    type: 'LIST',
    default: [],
    validator: listOf(),
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
  ...fieldSyntaxExtension('`include`, `exclude` and the old names of `renames` are plain names'),
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
    const tree = treeOf(config);
    const options = { withDefault: config['replace.null.with.default'], keepsOptional: false };
    const planOf = perSchema((schema) => new StructPlan(schema, tree, options));
    return {
      apply: (content) => {
        const { schema, value } = content;
        if (value === null) return content;
        if (schema === null) {
          const map = requireMap(value, purpose);
          // The keys of a plain object are text anyway.
          if (map instanceof Map) for (const key of map.keys()) requireFieldName(key);
          return { schema, value: editMap(map, tree) };
        }
        const struct = requireStruct(value, purpose, schema);
        const plan = planOf(schema);
        return { schema: plan.schema, value: plan.apply(struct) };
      },
      fieldsChange: fieldsChange(planOf),
    };
  },
};

/** A renamed field stays in its struct: the new name is a name, not a path. `exclude` comes last, so it wins. */
function treeOf(config: ParsedConfig<typeof keys>): FieldTree {
  const tree = new FieldTree({ keepsOthers: config.include.length === 0 });
  for (const path of config.include) tree.keep(fieldPath(path, config));
  for (const [path, rename] of parseRenames(config.renames)) tree.set(fieldPath(path, config), { rename });
  for (const path of config.exclude) tree.set(fieldPath(path, config), { drop: true });
  return tree;
}

export const replaceFieldKey: TransformationPlugin = sidePlugin('Key', replaceField);
export const replaceFieldValue: TransformationPlugin = sidePlugin('Value', replaceField);
