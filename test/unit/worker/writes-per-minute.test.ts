import { describe, expect, it } from 'vitest';
import type { SourceTask } from '../../../lib/api/source.ts';
import type { TableCounts } from '../../../lib/local/counting-table.ts';
import { countingTable } from '../../../lib/local/counting-table.ts';
import { sinkOf, sourceOf } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

const continuous = { mode: 'continuous', rediscoveryMs: 300_000 } as const;
const drain = { mode: 'drain', rediscoveryMs: 300_000 } as const;

/** One record a second of each of so many source partitions. */
const busySource = (partitions: number, now: () => number) =>
  sourceOf((): SourceTask => {
    let second = 0;
    return {
      poll: () => {
        const current = Math.floor(now() / 1_000);
        if (current <= second) return [];
        second = current;
        return Array.from({ length: partitions }, (_, p) => ({
          sourcePartition: { p },
          sourceOffset: { second },
          topic: 't',
          value: String(second),
        }));
      },
    };
  });

/** Writes of the run that is at work, counted apart from those of the coordinator. */
function countRuns(cluster: WorkerUnderTest): TableCounts {
  const counts: TableCounts = { reads: 0, queries: 0, writes: 0 };
  cluster.mortality = (world) => {
    const counted = countingTable(world.table);
    Object.defineProperties(counts, {
      writes: { get: () => counted.counts.writes },
      reads: { get: () => counted.counts.reads },
    });
    return { ...world, table: counted.table };
  };
  return counts;
}

describe('a task writes to the table at most ten times a minute', () => {
  it.each([1, 2, 3, 5])('when it is a continuous source of %d partitions', async (partitions) => {
    const cluster = new WorkerUnderTest([busySource(partitions, () => cluster.clock.now())], continuous);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    await cluster.create('c', 'test.Source');
    const counts = countRuns(cluster);
    await cluster.minutes(1);
    const before = counts.writes;
    await cluster.minutes(10);
    // Three heartbeats, and the commits; the history takes one in ten minutes a partition.
    expect(counts.writes - before).toBeLessThanOrEqual(100);
    expect(counts.writes - before).toBeGreaterThan(60);
  });

  it('when it is a continuous sink', async () => {
    const cluster = new WorkerUnderTest([sinkOf(() => ({ put: () => undefined }))], continuous);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    await cluster.create('c', 'test.Sink', { topics: 't' });
    const counts = countRuns(cluster);
    for (let second = 0; second < 60; second++) {
      cluster.produce('t', ['x']);
      await (second === 0 ? cluster.tick(1_000) : cluster.clock.advance(1_000));
    }
    const before = counts.writes;
    for (let second = 0; second < 600; second++) {
      cluster.produce('t', ['x']);
      await (second % 60 === 0 ? cluster.tick(1_000) : cluster.clock.advance(1_000));
    }
    expect(counts.writes - before).toBeLessThanOrEqual(100);
    expect(counts.writes - before).toBeGreaterThan(60);
  });

  it('beyond five partitions: one a partition in each offset.flush.interval.ms, beside three heartbeats', async () => {
    const partitions = 30;
    const cluster = new WorkerUnderTest([busySource(partitions, () => cluster.clock.now())], continuous);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    await cluster.create('c', 'test.Source');
    const counts = countRuns(cluster);
    await cluster.minutes(2);
    const before = counts.writes;
    await cluster.minutes(10);
    const history = partitions;
    expect(counts.writes - before).toBeLessThanOrEqual(10 * (partitions + 3) + history);
  });

  it('when it drains each minute, whether there is anything to move or not', async () => {
    const cluster = new WorkerUnderTest([sinkOf(() => ({ put: () => undefined }))], drain);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    cluster.produce('t', ['a']);
    await cluster.create('c', 'test.Sink', { topics: 't' });
    for (const values of [['b', 'c'], []]) {
      await cluster.minutes(1);
      cluster.produce('t', values);
      const counts = countRuns(cluster);
      await cluster.minutes(1);
      expect(counts.writes).toBeGreaterThan(4);
      expect(counts.writes).toBeLessThanOrEqual(10);
    }
  });
});
