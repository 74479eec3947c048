import { ConfigDef } from '../../api/config-def.ts';
import { nonEmptyString } from '../../api/config-def/validators.ts';
import type { PredicatePlugin } from '../../api/transform.ts';
import { predicatePlugin } from './predicate-plugin.ts';

const configDef = new ConfigDef({
  name: { type: 'STRING', validator: nonEmptyString, importance: 'MEDIUM', doc: 'The name of the header.' },
});

export const hasHeaderKey: PredicatePlugin = predicatePlugin(
  'HasHeaderKey',
  configDef,
  ({ name }) =>
    ({ headers = [] }) =>
      headers.some(({ key }) => key === name),
);
