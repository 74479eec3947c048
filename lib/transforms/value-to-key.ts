import { ConfigDef } from '../api/config-def.ts';
import { listOf } from '../api/config-def/validators.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import { Struct } from '../api/data/struct.ts';
import type { ConnectValue } from '../api/data/value.ts';
import type { Schema } from '../api/data/schema.ts';
import { ConfigError, DataError } from '../api/errors.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxExtension, replaceNullWithDefault } from './core/config-keys.ts';
import type { FieldPath } from './core/field-path.ts';
import { requireMap, requireStruct } from './core/requirements.ts';
import { perSchema } from './core/schemas.ts';
import { recordPlugin } from './core/side-plugin.ts';

const configDef = new ConfigDef({
  fields: {
    type: 'LIST',
    validator: listOf({ allowEmpty: false }),
    importance: 'HIGH',
    doc: 'The fields of the value that make the key.',
  },
  ...replaceNullWithDefault,
  ...fieldSyntaxExtension('`fields` are plain names'),
});

const purpose = 'copying fields from value to key';

/** Makes the key of fields of the value; a field of the key has the last name of its path. */
export const valueToKey: TransformationPlugin = recordPlugin('ValueToKey', configDef, (config) => {
  const withDefault = config['replace.null.with.default'];
  const paths = config.fields.map((field) => fieldPath(field, config));
  requireDifferentNames(paths);
  const keySchemaOf = perSchema((schema) => {
    const builder = SchemaBuilder.struct();
    for (const [i, path] of paths.entries()) {
      const fieldSchema = path.copySchema(schema);
      if (fieldSchema === undefined) throw new DataError(`Field does not exist: ${config.fields[i]}`);
      builder.field(path.last, fieldSchema);
    }
    return builder.build();
  });
  const keyOf = (
    schema: Schema | null,
    value: ConnectValue,
  ): { keySchema: Schema | null; key: ConnectValue } => {
    if (schema === null) {
      const map = requireMap(value, purpose);
      return {
        keySchema: null,
        key: Object.fromEntries(paths.map((path) => [path.last, path.valueFromMap(map)])),
      };
    }
    const struct = requireStruct(value, purpose, schema);
    const keySchema = keySchemaOf(struct.schema);
    const key = new Struct(keySchema);
    for (const path of paths) key.put(path.last, path.valueFromStruct(struct, withDefault));
    return { keySchema, key };
  };
  return (record) => ({ ...record, ...keyOf(record.valueSchema ?? null, record.value ?? null) });
});

function requireDifferentNames(paths: readonly FieldPath[]): void {
  const names = paths.map(({ last }) => last);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new ConfigError(`Two of the fields of the key would have the name ${twice}`, {
    hint: 'The last name of a path is the name in the key: rename one of the fields before, with ReplaceField.',
  });
}
