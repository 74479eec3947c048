import { describe, expect, it } from 'vitest';
import { ConfigDef } from '../../../../lib/api/config-def.ts';
import type { SourcePlugin } from '../../../../lib/api/connector.ts';
import { deadlineIn } from '../../../../lib/foundation/deadline.ts';
import { MemoryClient } from '../../../../lib/kafka/memory/memory-client.ts';
import { seededRandom } from '../../../../lib/foundation/random.ts';
import { alterLoggedOffsets } from '../../../../lib/worker/exactly-once/alter-logged-offsets.ts';
import { dyingAt } from '../worker-under-test.ts';
import { ExactlyOnceCluster, exactlyOnceWorker } from './exactly-once-cluster.ts';
import { growingSource, numbers } from './growing-source.ts';

const parts = ['a', 'b', 'c'];
const perPart = 12;

/** Three parts, dealt to as many tasks as there may be: with fewer of them a part moves to another task. */
const dealt: SourcePlugin = {
  kind: 'source',
  class: 'test.Dealt',
  version: '1',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
  connector: async () => ({
    taskConfigs: (max) =>
      Array.from({ length: max }, (_, task) => ({
        parts: parts.filter((_part, i) => i % max === task).join(','),
      })),
  }),
  task: async () => {
    const next = new Map<string, number>();
    return {
      start: async ({ parts: own = '' }, { offsets }) => {
        for (const part of own.split(','))
          next.set(part, Number((await offsets.get({ part }))?.['next'] ?? 0));
      },
      poll: async ({ clock, signal }) => {
        await clock.sleep(3_000, signal);
        const part = [...next.keys()].find((each) => (next.get(each) ?? 0) < perPart);
        if (part === undefined) return null;
        const n = next.get(part) ?? 0;
        next.set(part, n + 1);
        const sourceOffset = { next: n + 1 };
        return [
          {
            sourcePartition: { part },
            sourceOffset,
            topic: 'dealt',
            kafkaPartition: 0,
            value: `${part}${n}`,
          },
        ];
      },
    };
  },
};

const expected = parts.flatMap((part) => Array.from({ length: perPart }, (_, n) => `${part}${n}`)).toSorted();

describe('a run of an older split, frozen and thawed when a task with another id has its part', () => {
  async function run(frozenAt: number): Promise<{ records: string[]; calls: number; inits: number }> {
    const cluster = new ExactlyOnceCluster([dealt], { mode: 'continuous', rediscoveryMs: 3_600_000 });
    await cluster.create('dealt', 'test.Dealt', { 'tasks.max': '3' });
    let calls = 0;
    let inits = 0;
    // The third process is the one of task 2.
    const third = dyingAt(frozenAt, false, {
      onCall: (count) => (calls = count),
      thawed: () => cluster.clock.sleep(4 * 60_000),
    });
    cluster.mortality = (first) => {
      cluster.mortality = (second) => {
        cluster.mortality = third;
        return second;
      };
      return first;
    };
    cluster.intercept = (operation, phase) => {
      if (operation === 'initTransactions' && phase === 'before') inits++;
    };
    await cluster.tick(20_000);
    const connector = await cluster.state.connectors.get('dealt');
    const worker = { functionName: 'f', version: '1' };
    const config = { ...connector?.config, 'tasks.max': '2' };
    await cluster.state.connectors.reconfigure('dealt', config, worker, cluster.clock.now());
    await cluster.minutes(10);
    return { records: cluster.records('dealt').toSorted(), calls, inits };
  }

  it('can commit nothing any more, whichever call it was frozen at', async () => {
    const { calls, records, inits } = await run(1_000);
    expect(records).toEqual(expected);
    // Three first runs, three ids fenced, two runs of the next generation.
    expect(inits).toBe(8);
    for (let frozenAt = 1; frozenAt <= calls; frozenAt++) {
      const found = (await run(frozenAt)).records;
      expect({ frozenAt, records: found }).toEqual({ frozenAt, records: expected });
    }
  });
});

describe('altered offsets of a stopped exactly-once source', () => {
  async function stopped() {
    const growing = { end: 9 };
    const cluster = new ExactlyOnceCluster([growingSource(growing)]);
    await cluster.create('grow', 'test.Growing');
    await cluster.minutes(1);
    await cluster.state.connectors.setTargetState('grow', 'STOPPED', cluster.clock.now());
    await cluster.minutes(1);
    const { state, clock, kafka } = cluster;
    const alter = async (offset: { next: number } | null): Promise<void> => {
      const connector = await state.connectors.get('grow');
      if (connector === undefined) throw new Error('gone');
      const epoch = await state.connectors.nextEpoch('grow');
      const deps = { state, clock, random: seededRandom(2), workerConfig: exactlyOnceWorker };
      const changes = [[{ p: 'a' }, offset]] as const;
      await alterLoggedOffsets({ connector, epoch, changes }, new MemoryClient(kafka), deps, {
        deadline: deadlineIn(10_000, clock),
      });
    };
    const resume = async (): Promise<void> => {
      await cluster.state.connectors.setTargetState('grow', 'RUNNING', cluster.clock.now());
      await cluster.minutes(2);
    };
    return { cluster, alter, resume };
  }

  it('are where it goes on, in Kafka and in the table', async () => {
    const { cluster, alter, resume } = await stopped();
    await alter({ next: 6 });
    expect(await cluster.state.offsets.peek('grow', { p: 'a' })).toEqual({ next: 6 });
    expect(cluster.offsetRecords().at(-1)).toBe('grow{"p":"a"}={"next":6}');
    await resume();
    expect(cluster.records('numbers')).toEqual([...numbers(9), '6', '7', '8']);
  });

  it('are gone after a reset, which leaves a tombstone', async () => {
    const { cluster, alter, resume } = await stopped();
    await alter(null);
    expect(await cluster.state.offsets.peek('grow', { p: 'a' })).toBeNull();
    expect(cluster.offsetRecords().at(-1)).toBe('grow{"p":"a"}=null');
    await resume();
    expect(cluster.records('numbers')).toEqual([...numbers(9), ...numbers(9)]);
  });

  it('count also when the alteration was cut before the table had them', async () => {
    const { cluster, alter, resume } = await stopped();
    let committed = false;
    cluster.intercept = (operation, phase) => {
      if (operation === 'commitTransaction' && phase === 'after') committed = true;
      if (committed) throw new Error('cut');
    };
    await expect(alter({ next: 3 })).rejects.toThrow('cut');
    cluster.intercept = undefined;
    expect(await cluster.state.offsets.peek('grow', { p: 'a' })).toEqual({ next: 9 });
    await resume();
    expect(cluster.records('numbers')).toEqual([...numbers(9), ...numbers(9).slice(3)]);
  });
});
