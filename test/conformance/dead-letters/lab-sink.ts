import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SinkPlugin } from '../../../lib/api/connector.ts';
import { ConnectError, DataError } from '../../../lib/api/errors.ts';

/** lab.LabSink of the recordings: throws at values with `put-fail`, reports those with `put-report`. */
export const labSink: SinkPlugin = {
  kind: 'sink',
  class: 'lab.LabSink',
  version: '1.2.3',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
  connector: async () => ({}),
  task: async () => ({
    put: async (records, { errantRecordReporter }) => {
      for (const record of records) {
        const text = String(record.value);
        if (text.includes('put-fail')) throw new ConnectError(`put failed: ${text}`);
        if (text.includes('put-report'))
          await errantRecordReporter?.report(record, new DataError(`reported by task: ${text}`));
      }
    },
  }),
};
