import { describe, expect, it } from 'vitest';
import { RetriableError } from '../../../lib/api/errors.ts';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { MemoryClient } from '../../../lib/kafka/memory/memory-client.ts';
import { MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import { countingTable } from '../../../lib/local/counting-table.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Table } from '../../../lib/storage/table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { RunPages } from '../../../lib/worker/run-pages.ts';
import { SinkPositions } from '../../../lib/worker/sink-positions.ts';

type Fault = 'applied, and its answer lost' | 'not applied';
const [t0, t1, t40] = [topicPartition('t', 0), topicPartition('t', 1), topicPartition('t', 40)];
const secondPage = 'topic#t#000032';

/** A sink run over the topic `t` of 41 partitions, of which it has three, on two pages. */
class Scene {
  readonly memory = memoryTable();
  readonly clock = new VirtualClock();
  readonly kafka = new MemoryKafka({ clock: this.clock });
  /** What befalls the next write to the second page. */
  fault: Fault | undefined;
  readonly table: Table = {
    ...this.memory,
    update: async (key, update, options) => {
      const fault = key.sk === secondPage ? this.fault : undefined;
      if (fault === undefined) return this.memory.update(key, update, options);
      this.fault = undefined;
      if (fault !== 'not applied') await this.memory.update(key, update, options);
      throw new RetriableError('connection reset');
    },
  };

  constructor() {
    this.kafka.createTopic({ topic: 't', partitions: 41 });
  }

  run(epoch: number, table = this.table): { pages: RunPages; positions: SinkPositions } {
    const { offsetPages } = clusterState(table);
    const pages = new RunPages({ connector: 'c', epoch, pages: offsetPages, clock: this.clock });
    return { pages, positions: new SinkPositions(pages) };
  }

  claim(positions: SinkPositions): Promise<void> {
    const call = { deadline: deadlineIn(60_000, this.clock) };
    return positions.claim([t0, t1, t40], 'earliest', new MemoryClient(this.kafka), call);
  }

  /** The first five records of each partition are delivered, and the commit fails at the second page. */
  async failedCommit(fault: Fault): Promise<SinkPositions> {
    const { positions } = this.run(1);
    await this.claim(positions);
    this.fault = fault;
    const failure = await positions.commit(deliver(positions, 5n)).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(failure instanceof RetriableError)) throw new Error('The commit did not fail', { cause: failure });
    positions.rewind();
    return positions;
  }

  async stored(): Promise<unknown[]> {
    const positions = await clusterState(this.memory).offsetPages.list('c');
    return positions.map(({ partition, offset }) => [
      partition['kafka_partition'],
      offset?.['kafka_offset'] ?? null,
    ]);
  }
}

/** Records up to there were read and put. */
function deliver(positions: SinkPositions, offset: bigint): Map<typeof t0, bigint> {
  const next = new Map([t0, t1, t40].map((partition) => [partition, offset]));
  for (const [partition] of next) positions.advance(partition, offset);
  positions.delivered(next);
  return next;
}

describe('a commit of a sink of which one page fails', () => {
  it.each<[Fault, bigint]>([
    ['not applied', 0n],
    ['applied, and its answer lost', 5n],
  ])('stores the other one, and goes back for what was %s', async (fault, atSecondPage) => {
    const scene = new Scene();
    const positions = await scene.failedCommit(fault);
    expect([t0, t1, t40].map((partition) => positions.position(partition))).toEqual([5n, 5n, 0n]);
    expect(await scene.stored()).toEqual([
      [0, 5],
      [1, 5],
      [40, atSecondPage === 0n ? null : 5],
    ]);
  });

  it('never goes back behind what was applied, and reads on behind it once that is known', async () => {
    const scene = new Scene();
    const positions = await scene.failedCommit('applied, and its answer lost');
    // Three records have come again: their offset is behind what is stored.
    positions.advance(t40, 3n);
    positions.delivered(new Map([[t40, 3n]]));
    expect((await positions.commit(positions.current())).stored).toEqual(new Map());
    expect(positions.position(t40)).toBe(5n);
    expect((await positions.commit(deliver(positions, 6n))).stored.size).toBe(3);
    expect(await scene.stored()).toEqual([
      [0, 6],
      [1, 6],
      [40, 6],
    ]);
  });

  it('goes on where the task has asked to meanwhile, also when it is further back', async () => {
    const scene = new Scene();
    const positions = await scene.failedCommit('applied, and its answer lost');
    positions.seek(t40, 2n);
    await positions.commit(positions.current());
    expect(positions.position(t40)).toBe(2n);
    expect(await scene.stored()).toContainEqual([40, 2]);
  });

  it('ends the run where a later one has claimed that page', async () => {
    const scene = new Scene();
    const { positions } = scene.run(1);
    await scene.claim(positions);
    await scene.run(2).pages.claim([t40]);
    await expect(positions.commit(deliver(positions, 5n))).rejects.toMatchObject({ code: 'FENCED' });
    expect(await scene.stored()).toEqual([
      [0, 5],
      [1, 5],
      [40, null],
    ]);
  });
});

describe('claims of a sink', () => {
  it('are over, all of them, when one has failed: none goes on behind a run that has ended', async () => {
    const scene = new Scene();
    const slow = Promise.withResolvers<void>();
    const table: Table = {
      ...scene.table,
      update: async (key, update, options) => {
        if (key.sk !== secondPage) await slow.promise;
        return scene.table.update(key, update, options);
      },
    };
    scene.fault = 'not applied';
    const { positions } = scene.run(1, table);
    let outcome: unknown;
    const claim = scene.claim(positions).catch((error: unknown) => (outcome = error));
    await new Promise((resolve) => setImmediate(resolve));
    expect(outcome).toBe(undefined);
    slow.resolve();
    await claim;
    expect(outcome).toMatchObject({ message: 'connection reset' });
  });

  it('and commits are one write a page, which are counted, those of the history with them', async () => {
    const scene = new Scene();
    const { table, counts } = countingTable(scene.table);
    const { pages, positions } = scene.run(1, table);
    await scene.claim(positions);
    expect([counts.writes, pages.written]).toEqual([2, 2]);
    await positions.commit(deliver(positions, 1n));
    expect([counts.writes, pages.written]).toEqual([4, 4]);
    // The first positions were in no state that is kept.
    await positions.commit(deliver(positions, 2n));
    expect([counts.writes, pages.written]).toEqual([8, 8]);
    await positions.commit(deliver(positions, 3n));
    await positions.commit(positions.current());
    expect([counts.writes, pages.written]).toEqual([10, 10]);
  });
});
