import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../api/config.ts';
import type { SourcePlugin } from '../api/connector.ts';
import { stringSchema } from '../api/data/schema.ts';
import type { SourceRecord } from '../api/record.ts';
import type { SourceTask } from '../api/source.ts';
import type { Faults } from './faults.ts';
import { runConnector } from './run-connector.ts';

export interface DeliveryUnderTest {
  readonly config: ConnectorConfig;
  readonly writeToSystem: (count: number) => Promise<string[]>;
}

export interface DeliverySuiteOptions {
  readonly plugin: SourcePlugin;
  readonly setup: () => Promise<DeliveryUnderTest>;
  readonly identify: (record: SourceRecord) => string;
}

const topic = 'delivered';
const worker = {
  'exactly.once.source.support': 'enabled',
  'offset.storage.partitions': '2',
};

/**
 * Part of the source suite: whole runs under an exactly-once worker, killed at every call to the table or to Kafka,
 * before the call takes effect and after it. Nothing is lost; of a source that says it supports exactly-once delivery
 * nothing is there twice either.
 */
export function describeDelivery({ plugin, setup, identify }: DeliverySuiteOptions): void {
  describe('with an exactly-once worker', () => {
    it.each([
      ['before it takes effect', false],
      ['after it took effect', true],
    ])('delivers everything, whichever call it is killed at %s', async (_when, applied) => {
      const { config, writeToSystem } = await setup();
      const written = await writeToSystem(12);
      const isExact = (await plugin.connector()).exactlyOnceSupport?.(config) === 'SUPPORTED';
      let calls = 0;
      const kill = { atCall: Number.POSITIVE_INFINITY, onCall: (count: number) => (calls = count) };
      expect(await delivered(config, { kill })).toEqual(written.toSorted());
      expect(calls).toBeGreaterThan(10);
      for (let atCall = 1; atCall <= calls; atCall++) {
        const found = await delivered(config, { kill: { atCall, applied } });
        const records = isExact ? found : [...new Set(found)];
        expect({ killedAt: atCall, records }).toEqual({ killedAt: atCall, records: written.toSorted() });
      }
    });
  });

  /** The identities of the records committed readers see, after the connector has come to rest. */
  async function delivered(config: ConnectorConfig, faults: Faults): Promise<string[]> {
    await using tasks = new AsyncDisposableStack();
    await using run = await runConnector({
      name: 'under-test',
      plugins: [identified(plugin, identify, tasks)],
      config: {
        ...config,
        'connector.class': identifiedClass,
        'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      },
      workerConfig: worker,
      faults,
    });
    return run
      .records(topic)
      .map(({ value }) => String(value))
      .toSorted();
  }
}

const identifiedClass = 'sluice.testing.Identified';

/**
 * The same source, whose records are their identities, all in one topic. A task whose process is killed is not stopped,
 * and a real process would take its connections with it: here `tasks` does.
 */
function identified(
  plugin: SourcePlugin,
  identify: (record: SourceRecord) => string,
  tasks: AsyncDisposableStack,
): SourcePlugin {
  return {
    ...plugin,
    class: identifiedClass,
    aliases: [],
    task: async () => {
      const task = await plugin.task();
      tasks.defer(async () => task.stop?.());
      return identifiedTask(task, identify);
    },
  };
}

function identifiedTask(task: SourceTask, identify: (record: SourceRecord) => string): SourceTask {
  const originals = new WeakMap<SourceRecord, SourceRecord>();
  return {
    start: (config, context) => task.start?.(config, context),
    poll: async (context) => {
      const polled = await task.poll(context);
      return (
        polled?.map((original) => {
          const { sourcePartition, sourceOffset } = original;
          const record = {
            sourcePartition,
            sourceOffset,
            topic,
            valueSchema: stringSchema,
            value: identify(original),
          };
          originals.set(record, original);
          return record;
        }) ?? null
      );
    },
    commitRecord: (record, metadata) => task.commitRecord?.(originals.get(record) ?? record, metadata),
    commit: () => task.commit?.(),
    stop: () => task.stop?.(),
  };
}
