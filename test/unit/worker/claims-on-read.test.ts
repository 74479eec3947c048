import { describe, expect, it } from 'vitest';
import { ConnectError } from '../../../lib/api/errors.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { RunOffsets } from '../../../lib/worker/run-offsets.ts';
import { growingPartition, growingSource } from './exactly-once/growing-source.ts';
import { dyingAt, WorkerUnderTest } from './worker-under-test.ts';

const partition = { table: 'a' };

describe('an offset that a run has read', () => {
  const state = () => clusterState(memoryTable());
  const runOf = ({ offsets }: ReturnType<typeof state>, epoch: number, claimsOnRead: boolean): RunOffsets =>
    new RunOffsets({
      connector: 'c',
      epoch,
      claimsOnRead,
      offsets,
      clock: new VirtualClock(),
      random: seededRandom(epoch),
    });
  const to = (n: number) => [{ partition, offset: { n } }];

  it('is its own from the read on where it claims: an earlier run can no longer commit', async () => {
    const table = state();
    const [earlier, later] = [runOf(table, 5, true), runOf(table, 6, true)];
    await earlier.get(partition);
    await later.get(partition);
    await expect(earlier.commit(to(1))).rejects.toMatchObject({ code: 'FENCED' });
    await later.commit(to(2));
    expect(await later.peek(partition)).toEqual({ n: 2 });
  });

  it('is its own from its first commit on where it does not (Invariant 4)', async () => {
    const table = state();
    const [earlier, later] = [runOf(table, 5, true), runOf(table, 6, false)];
    await earlier.commit(to(1));
    expect(await later.get(partition)).toEqual({ n: 1 });
    await later.commit(to(2));
    await expect(earlier.commit(to(3))).rejects.toMatchObject({ code: 'FENCED' });
    expect(await later.peek(partition)).toEqual({ n: 2 });
  });

  it('is not overwritten when an earlier run has stored another since: the next run begins there (Invariant 3)', async () => {
    const table = state();
    const [earlier, later] = [runOf(table, 5, true), runOf(table, 6, false)];
    await earlier.get(partition);
    expect(await later.get(partition)).toBeNull();
    await earlier.commit(to(9));
    const outcome: unknown = await later.commit(to(2)).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ConnectError);
    expect(outcome).toMatchObject({
      retriable: true,
      message: 'The offset of {"table":"a"} of connector c was stored by run 5 after run 6 had read it',
    });
    expect(await runOf(table, 7, true).get(partition)).toEqual({ n: 9 });
  });

  it('of which nothing was ever stored is the first to be committed by one of two', async () => {
    const table = state();
    const [one, other] = [runOf(table, 6, false), runOf(table, 7, false)];
    await Promise.all([one.get(partition), other.get(partition)]);
    await one.commit(to(1));
    await expect(other.commit(to(2))).rejects.toMatchObject({ retriable: true });
    expect(await other.peek(partition)).toEqual({ n: 1 });
  });
});

describe('a source run that finds nothing', () => {
  async function settled(): Promise<{ cluster: WorkerUnderTest; growing: { end: number } }> {
    const growing = { end: 3 };
    const cluster = new WorkerUnderTest([growingSource(growing)]);
    await cluster.create('c', 'test.Growing');
    await cluster.minutes(2);
    return { cluster, growing };
  }
  const ownerOf = async ({ state }: WorkerUnderTest): Promise<number> =>
    (await state.offsets.read('c', growingPartition)).epoch;
  const lastRun = async ({ state }: WorkerUnderTest) => {
    const run = (await state.snapshot('c')).runs.at(-1);
    if (run === undefined) throw new Error('no run');
    return run;
  };

  it('leaves the offset to the run that committed it, time after time', async () => {
    const { cluster } = await settled();
    const owner = await ownerOf(cluster);
    await cluster.minutes(3);
    expect((await lastRun(cluster)).epoch).toBe(owner + 4);
    expect(await ownerOf(cluster)).toBe(owner);
  });

  it('claims it after a run that died, and the one after leaves it again', async () => {
    const { cluster } = await settled();
    cluster.mortality = dyingAt(6, false);
    await cluster.minutes(1);
    const dead = await lastRun(cluster);
    await cluster.minutes(5);
    expect(await ownerOf(cluster)).toBe(dead.epoch + 1);
    expect((await lastRun(cluster)).epoch).toBeGreaterThan(dead.epoch + 1);
  });

  it('claims it after a run that ended with an error: its last write may still be on its way', async () => {
    const { cluster, growing } = await settled();
    cluster.mortality = ({ table, kafka }) => ({
      kafka,
      table: {
        ...dyingAt(Infinity, false)({ table, kafka }).table,
        update: async (key, update, options) => {
          if (key.pk === 'offsets#c') throw new ConnectError('the answer is lost', { retriable: true });
          return table.update(key, update, options);
        },
      },
    });
    growing.end = 5;
    await cluster.minutes(1);
    const failed = await lastRun(cluster);
    expect(failed).toMatchObject({ phase: 'FAILED', outcome: { reason: 'ERROR' } });
    growing.end = 3;
    await cluster.minutes(3);
    expect(await ownerOf(cluster)).toBe(failed.epoch + 1);
    expect(cluster.records('numbers')).toEqual(['0', '1', '2', '3', '4']);
  });

  it('claims it after the tasks were split anew', async () => {
    const { cluster } = await settled();
    const connector = await cluster.state.connectors.get('c');
    if (connector === undefined) throw new Error('no connector');
    const { config, worker } = connector;
    await cluster.state.connectors.reconfigure('c', { ...config, other: 'x' }, worker, cluster.clock.now());
    await cluster.minutes(3);
    const runs = (await cluster.state.snapshot('c')).runs;
    const first = runs.find(({ generation }) => generation > connector.generation);
    expect(await ownerOf(cluster)).toBe(first?.epoch);
    expect(runs.at(-1)?.epoch).toBeGreaterThan(first?.epoch ?? 0);
  });
});
