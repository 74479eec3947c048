import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SourcePlugin } from '../../../lib/api/connector.ts';

/** A connector with one key, for tests that look at configs only. */
export const stubSource = {
  kind: 'source',
  class: 'test.StubSourceConnector',
  version: '1',
  status: 'experimental',
  module: import.meta.url,
  configDef: new ConfigDef({ table: { type: 'STRING', importance: 'HIGH', doc: 'A table.' } }),
  connector: async () => {
    throw new Error('not used');
  },
  task: async () => {
    throw new Error('not used');
  },
} satisfies SourcePlugin;
