import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import { Struct } from '../api/data/struct.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';

const keys = {
  field: { type: 'STRING', importance: 'MEDIUM', doc: 'The name of the one field of the new struct or map.' },
} as const satisfies ConfigKeys;

/** Wraps the whole key or value as the field of a struct, or of a map where there is no schema. */
const hoistField: SideTransformation<typeof keys> = {
  name: 'HoistField',
  configDef: new ConfigDef(keys),
  create({ field }) {
    const wrapped = perSchema((schema) => SchemaBuilder.struct().field(field, schema).build());
    return ({ schema, value }) => {
      if (schema === null) return { schema: null, value: Object.fromEntries([[field, value]]) };
      const wrapper = wrapped(schema);
      return { schema: wrapper, value: new Struct(wrapper).put(field, value) };
    };
  },
};

export const hoistFieldKey: TransformationPlugin = sidePlugin('Key', hoistField);
export const hoistFieldValue: TransformationPlugin = sidePlugin('Value', hoistField);
