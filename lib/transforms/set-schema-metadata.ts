import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { ConnectSchema } from '../api/data/schema.ts';
import { isStruct } from '../api/data/struct-brand.ts';
import { Struct } from '../api/data/struct.ts';
import { ConfigError, DataError } from '../api/errors.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { replaceNullWithDefault } from './core/config-keys.ts';
import { fieldsOf } from './core/requirements.ts';
import { copiedValue, perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';

const keys = {
  'schema.name': { type: 'STRING', default: null, importance: 'HIGH', doc: 'The name to give the schema.' },
  'schema.version': {
    type: 'INT',
    default: null,
    importance: 'HIGH',
    doc: 'The version to give the schema.',
  },
  ...replaceNullWithDefault,
} as const satisfies ConfigKeys;

/** Names a struct's schema, sets its version, or both. */
const setSchemaMetadata: SideTransformation<typeof keys> = {
  name: 'SetSchemaMetadata',
  configDef: new ConfigDef(keys),
  create(config) {
    const {
      'schema.name': name,
      'schema.version': version,
      'replace.null.with.default': withDefault,
    } = config;
    if (name === null && version === null)
      throw new ConfigError('Neither schema name nor version configured');
    const renamed = perSchema(
      (schema) =>
        new ConnectSchema({
          type: schema.type,
          optional: schema.optional,
          default: schema.default,
          name: name ?? schema.name,
          version: version ?? schema.version,
          doc: schema.doc,
          parameters: schema.parameters,
          // Like Connect, which lists the fields of any schema here: this one works on structs only.
          fields: fieldsOf(schema),
        }),
    );
    return (content) => {
      const { schema, value } = content;
      if (schema === null && value === null) return content;
      if (schema === null) throw new DataError('Schema required for [updating schema metadata]');
      const updated = renamed(schema);
      if (!isStruct(value)) return { schema: updated, value };
      return {
        schema: updated,
        value: Struct.of(
          updated,
          value.schema.fields.map((field) => copiedValue(value.values, field, withDefault)),
        ),
      };
    };
  },
};

export const setSchemaMetadataKey: TransformationPlugin = sidePlugin('Key', setSchemaMetadata);
export const setSchemaMetadataValue: TransformationPlugin = sidePlugin('Value', setSchemaMetadata);
