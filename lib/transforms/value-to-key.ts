import { ConfigDef } from '../api/config-def.ts';
import { listOf } from '../api/config-def/validators.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import { Struct } from '../api/data/struct.ts';
import type { ConnectValue } from '../api/data/value.ts';
import type { Schema } from '../api/data/schema.ts';
import { DataError } from '../api/errors.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { replaceNullWithDefault } from './core/config-keys.ts';
import { requireMap, requireStruct } from './core/requirements.ts';
import { getFrom } from './core/schemaless-map.ts';
import { fieldValue, perSchema } from './core/schemas.ts';
import { recordPlugin } from './core/side-plugin.ts';

const configDef = new ConfigDef({
  fields: {
    type: 'LIST',
    validator: listOf({ allowEmpty: false }),
    importance: 'HIGH',
    doc: 'The fields of the value that make the key.',
  },
  ...replaceNullWithDefault,
});

const purpose = 'copying fields from value to key';

/** Makes the key of fields of the value. */
export const valueToKey: TransformationPlugin = recordPlugin('ValueToKey', configDef, (config) => {
  const withDefault = config['replace.null.with.default'];
  const keySchemaOf = perSchema((schema) => {
    const builder = SchemaBuilder.struct();
    for (const name of config.fields) {
      const field = schema.field(name);
      if (field === undefined) throw new DataError(`Field does not exist: ${name}`);
      builder.field(name, field.schema);
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
        key: Object.fromEntries(config.fields.map((name) => [name, getFrom(map, name)])),
      };
    }
    const struct = requireStruct(value, purpose, schema);
    const keySchema = keySchemaOf(struct.schema);
    const key = new Struct(keySchema);
    for (const { name } of keySchema.fields) {
      const field = struct.schema.field(name);
      if (field !== undefined) key.put(name, fieldValue(struct, field, withDefault));
    }
    return { keySchema, key };
  };
  return (record) => ({ ...record, ...keyOf(record.valueSchema ?? null, record.value ?? null) });
});
