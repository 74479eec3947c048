import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { RunOffsets } from '../../../lib/worker/run-offsets.ts';

const minute = 60_000;

class Task {
  readonly clock = new VirtualClock();
  readonly state = clusterState(memoryTable());
  readonly #partitions: readonly { p: number }[];
  #epoch = 0;
  #n = 0;

  constructor(partitions: number) {
    this.#partitions = Array.from({ length: partitions }, (_, p) => ({ p }));
  }

  run(): RunOffsets {
    const { clock, state } = this;
    const owner = { connector: 'c', epoch: ++this.#epoch, offsets: state.offsets };
    return new RunOffsets({ ...owner, claimsOnRead: true, clock, random: seededRandom(1) });
  }

  /** Every partition goes on; answers how many writes it took. */
  commit(run: RunOffsets): Promise<number> {
    const offset = { n: ++this.#n };
    return run.commit(this.#partitions.map((partition) => ({ partition, offset })));
  }

  /** How often each partition was kept. */
  async kept(): Promise<number[]> {
    const kept = await this.state.offsetHistory.list('c');
    return this.#partitions.map(({ p }) => kept.filter(({ partition }) => partition['p'] === p).length);
  }
}

describe('the history of a task of 30 partitions', () => {
  it('takes one write a minute of a long run, each partition has its turn, and the writes are counted', async () => {
    const task = new Task(30);
    const run = task.run();
    // Claims, and the first positions.
    expect(await task.commit(run)).toBe(60);
    let writes = 0;
    for (let each = 0; each < 12; each++) {
      await task.clock.advance(5 * minute);
      writes += await task.commit(run);
    }
    expect(writes).toBe(12 * 30 + 60);
    expect(await task.kept()).toEqual(Array.from({ length: 30 }, () => 2));
  });

  it('keeps all that hourly runs replace', async () => {
    const task = new Task(30);
    for (let hour = 0; hour < 4; hour++) {
      await task.commit(task.run());
      await task.clock.advance(60 * minute);
    }
    expect(await task.kept()).toEqual(Array.from({ length: 30 }, () => 3));
  });

  it('keeps a position of each partition in half an hour, when a run a minute commits them', async () => {
    const task = new Task(30);
    for (let each = 0; each <= 90; each++) {
      await task.commit(task.run());
      await task.clock.advance(minute);
    }
    expect(Math.min(...(await task.kept()))).toBeGreaterThanOrEqual(3);
  });
});

describe('the history of a task of five partitions', () => {
  it('keeps each of them in ten minutes', async () => {
    const task = new Task(5);
    const run = task.run();
    for (let each = 0; each <= 60; each++) {
      await task.commit(run);
      await task.clock.advance(minute);
    }
    expect(await task.kept()).toEqual([6, 6, 6, 6, 6]);
  });
});
