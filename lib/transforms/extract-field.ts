import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { ConnectError } from '../api/errors.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxVersion, replaceNullWithDefault } from './core/config-keys.ts';
import { requireMapOrNull, requireStructOrNull } from './core/requirements.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';

const keys = {
  field: {
    type: 'STRING',
    importance: 'MEDIUM',
    doc: 'The field to extract; with syntax V2 a path to a nested one.',
  },
  ...fieldSyntaxVersion('`field` is a plain name'),
  ...replaceNullWithDefault,
} as const satisfies ConfigKeys;

const purpose = 'field extraction';

/** Replaces the whole key or value by one of its fields. */
const extractField: SideTransformation<typeof keys> = {
  name: 'ExtractField',
  configDef: new ConfigDef(keys),
  create(config) {
    const path = fieldPath(config.field, config);
    const withDefault = config['replace.null.with.default'];
    return ({ schema, value }) => {
      if (schema === null) {
        const map = requireMapOrNull(value, purpose);
        return { schema: null, value: map === null ? null : path.valueFromMap(map) };
      }
      const struct = requireStructOrNull(value, purpose, schema);
      const field = path.fieldFrom(schema);
      if (field === undefined) throw new ConnectError(`Unknown field: ${config.field}`);
      return {
        schema: field.schema,
        value: struct === null ? null : path.valueFromStruct(struct, withDefault),
      };
    };
  },
};

export const extractFieldKey: TransformationPlugin = sidePlugin('Key', extractField);
export const extractFieldValue: TransformationPlugin = sidePlugin('Value', extractField);
