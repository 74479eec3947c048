import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SinkPlugin } from '../../../lib/api/connector.ts';
import type { SinkTaskContext } from '../../../lib/api/context.ts';
import { ConnectError, DataError } from '../../../lib/api/errors.ts';
import type { SinkRecord } from '../../../lib/api/record.ts';
import type { SinkConnector, SinkTask } from '../../../lib/api/sink.ts';
import { labVersion } from './lab-version.ts';

/** Leaves alterOffsets out: the framework alters the offsets by itself. */
class LabSinkConnector implements SinkConnector {}

/** Throws on a value that contains `put-fail`, reports one that contains `put-report`, and keeps nothing. */
class LabSinkTask implements SinkTask {
  async put(records: readonly SinkRecord[], context: SinkTaskContext): Promise<void> {
    for (const record of records) {
      const value = String(record.value);
      if (value.includes('put-fail')) throw new ConnectError(`put told to fail: ${value}`);
      if (value.includes('put-report'))
        await context.errantRecordReporter?.report(record, new DataError(`reported by task: ${value}`));
    }
  }
}

/** The sink of the recordings: FORMAT.md, section 6. */
export const labSink = {
  kind: 'sink',
  class: 'lab.LabSink',
  version: labVersion,
  status: 'experimental',
  module: import.meta.url,
  configDef: new ConfigDef({}),
  connector: async () => new LabSinkConnector(),
  task: async () => new LabSinkTask(),
} satisfies SinkPlugin;
