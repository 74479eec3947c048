import { ConfigDef } from '../../api/config-def.ts';
import type { PredicatePlugin } from '../../api/transform.ts';
import { predicatePlugin } from './predicate-plugin.ts';

/** True for a null value, whatever its schema. */
export const recordIsTombstone: PredicatePlugin = predicatePlugin(
  'RecordIsTombstone',
  new ConfigDef({}),
  () =>
    ({ value }) =>
      value === null || value === undefined,
);
