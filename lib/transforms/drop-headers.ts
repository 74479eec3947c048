import { ConfigDef } from '../api/config-def.ts';
import { listOf } from '../api/config-def/validators.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { recordPlugin } from './core/side-plugin.ts';

const configDef = new ConfigDef({
  headers: {
    type: 'LIST',
    validator: listOf({ allowEmpty: false }),
    importance: 'HIGH',
    doc: 'The names of the headers to remove, each wherever it occurs.',
  },
});

/** Removes headers by name. */
export const dropHeaders: TransformationPlugin = recordPlugin('DropHeaders', configDef, (config) => {
  const dropped = new Set(config.headers);
  return (record) => ({ ...record, headers: (record.headers ?? []).filter(({ key }) => !dropped.has(key)) });
});
