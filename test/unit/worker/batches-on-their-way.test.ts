import { describe, expect, it } from 'vitest';
import { RetriableError } from '../../../lib/api/errors.ts';
import type { SourceTask } from '../../../lib/api/source.ts';
import { emitting } from './scripted-plugins.ts';
import { sendingBy, WorkerUnderTest } from './worker-under-test.ts';

/** A source of these values, one a batch, whose n-th send is answered only when `answers[n]` is. */
async function heldBack(
  values: readonly string[],
  answers: readonly Promise<void>[],
  hooks: Partial<SourceTask> = {},
): Promise<{ cluster: WorkerUnderTest; begun: () => number }> {
  const cluster = new WorkerUnderTest([emitting(values, hooks, 1)]);
  await cluster.create('c', 'test.Source');
  let begun = 0;
  cluster.mortality = sendingBy((send) => async (...given) => {
    const answer = answers[begun++];
    const sent = await send(...given);
    await answer;
    return sent;
  });
  return { cluster, begun: () => begun };
}

const held = () => Promise.withResolvers<void>();
const offset = async ({ state }: WorkerUnderTest) =>
  (await state.offsets.list('c')).map((stored) => stored.offset);

describe('batches of a source', () => {
  it('are polled and sent on while no more than a megabyte is on their way', async () => {
    const values = Array.from({ length: 20 }, (_, n) => `${n} ${'x'.repeat(300_000)}`);
    const answer = held();
    const { cluster, begun } = await heldBack(
      values,
      values.map(() => answer.promise),
    );
    await cluster.minutes(1);
    expect(begun()).toBe(4);
    answer.resolve();
    await cluster.minutes(1);
    expect(cluster.records('t')).toEqual(values);
    expect(await offset(cluster)).toEqual([{ n: 20 }]);
  });

  it('are committed only behind the first that Kafka has not acknowledged (Invariant 1)', async () => {
    const [first, second] = [held(), held()];
    const { cluster, begun } = await heldBack(['a', 'b', 'c'], [first.promise, second.promise]);
    await cluster.minutes(1);
    expect(begun()).toBe(3);
    expect(await offset(cluster)).toEqual([null]);
    first.resolve();
    second.resolve();
    await cluster.minutes(1);
    expect(await offset(cluster)).toEqual([{ n: 3 }]);
  });

  it('are told to the task in their order, whichever is acknowledged first', async () => {
    const told: string[] = [];
    const first = held();
    const { cluster } = await heldBack(['a', 'b', 'c'], [first.promise], {
      commitRecord: ({ value }) => void told.push(String(value)),
    });
    await cluster.minutes(1);
    expect(told).toEqual([]);
    first.resolve();
    await cluster.minutes(1);
    expect(told).toEqual(['a', 'b', 'c']);
  });

  it('come again, all of them, when the first has failed', async () => {
    const first = held();
    const { cluster } = await heldBack(['a', 'b', 'c'], [first.promise]);
    await cluster.minutes(1);
    first.reject(new RetriableError('no answer'));
    await cluster.minutes(1);
    expect(await offset(cluster)).toEqual([null]);
    await cluster.minutes(3);
    expect(cluster.records('t')).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(await offset(cluster)).toEqual([{ n: 3 }]);
  });
});
