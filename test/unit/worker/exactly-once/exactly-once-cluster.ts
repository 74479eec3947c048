import type { Plugin } from '../../../../lib/api/connector.ts';
import type { CadencePolicy } from '../../../../lib/coordinator/schedule.ts';
import { readOffsetKey } from '../../../../lib/converters/offsets-topic.ts';
import { canonicalJson } from '../../../../lib/foundation/json/stringify-exact.ts';
import { WorkerUnderTest } from '../worker-under-test.ts';

export const exactlyOnceWorker = {
  'group.id': 'lab',
  'exactly.once.source.support': 'enabled',
  'offset.storage.partitions': '3',
};
const drain: CadencePolicy = { mode: 'drain', rediscoveryMs: 300_000 };

/** A cluster whose sources are exactly-once, and what lies on its offsets topic. */
export class ExactlyOnceCluster extends WorkerUnderTest {
  constructor(plugins: readonly Plugin[], cadence: CadencePolicy = drain) {
    super(plugins, cadence, exactlyOnceWorker);
  }

  /** Committed records of an offsets topic in order, as `connector{partition}=offset`. */
  offsetRecords(topic = 'lab-offsets'): string[] {
    return this.kafka.records(topic).map(({ key, value }) => {
      const read = readOffsetKey(key);
      return `${read?.connector}${canonicalJson(read?.partition)}=${value === null ? null : Buffer.from(value).toString()}`;
    });
  }
}
