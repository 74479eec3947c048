import { ConfigDef } from '../api/config-def.ts';
import { nonNull } from '../api/config-def/validators.ts';
import { parseString } from '../api/data/values.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { recordPlugin } from './core/side-plugin.ts';

const configDef = new ConfigDef({
  header: { type: 'STRING', validator: nonNull, importance: 'HIGH', doc: 'The name of the header.' },
  'value.literal': {
    type: 'STRING',
    validator: nonNull,
    importance: 'HIGH',
    doc: 'Its value, read as the type it looks like: `1` is an INT8.',
  },
});

/** Appends a header that is the same for all records. */
export const insertHeader: TransformationPlugin = recordPlugin('InsertHeader', configDef, (config) => {
  const header = { key: config.header, ...parseString(config['value.literal']) };
  return (record) => ({ ...record, headers: [...(record.headers ?? []), header] });
});
