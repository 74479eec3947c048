import type { ConnectorConfig } from '../../lib/api/config.ts';
import { ConfigDef } from '../../lib/api/config-def.ts';
import type { ConfigKeys } from '../../lib/api/config-def/config-key.ts';
import { atLeast } from '../../lib/api/config-def/validators.ts';
import type { SourcePlugin } from '../../lib/api/connector.ts';
import type { SourceTaskContext } from '../../lib/api/context.ts';
import type { SourceRecord } from '../../lib/api/record.ts';
import type { SourceConnector, SourceTask } from '../../lib/api/source.ts';

/** A whole source connector: counts to `counter.to`, on as many tasks as allowed. */
const keys = {
  topic: { type: 'STRING', importance: 'HIGH', doc: 'Topic to write to.' },
  'counter.to': {
    type: 'INT',
    default: 10,
    validator: atLeast(1),
    importance: 'MEDIUM',
    doc: 'Last number of each task.',
  },
} as const satisfies ConfigKeys;

const configDef: ConfigDef<typeof keys> = new ConfigDef(keys);

/** How the work is split: one config a task. */
class CounterConnector implements SourceConnector {
  #config: ConnectorConfig = {};

  start(config: ConnectorConfig): void {
    this.#config = config;
  }

  taskConfigs(maxTasks: number): ConnectorConfig[] {
    return Array.from({ length: maxTasks }, (_, part) => ({ ...this.#config, part: String(part) }));
  }
}

/** Moves the data of one split. All progress is in `sourceOffset`: the next run goes on from the stored one. */
class CounterTask implements SourceTask {
  #partition = { part: '' };
  #next = 1;
  #last = 0;
  #topic = '';

  async start(config: ConnectorConfig, { offsets }: SourceTaskContext): Promise<void> {
    const { topic, 'counter.to': last } = configDef.parse(config);
    this.#topic = topic;
    this.#last = last;
    this.#partition = { part: config['part'] ?? '0' };
    this.#next = Number((await offsets.get(this.#partition))?.['last'] ?? 0) + 1;
  }

  poll(): SourceRecord[] | null {
    if (this.#next > this.#last) return null;
    const number = this.#next++;
    return [
      {
        sourcePartition: this.#partition,
        sourceOffset: { last: number },
        topic: this.#topic,
        value: { part: this.#partition.part, number },
      },
    ];
  }
}

export const counter: SourcePlugin = {
  kind: 'source',
  class: 'example.CounterConnector',
  version: '1.0.0',
  status: 'experimental',
  module: import.meta.url,
  configDef,
  connector: async () => new CounterConnector(),
  task: async () => new CounterTask(),
};
