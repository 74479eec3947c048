import { describe, expect, it } from 'vitest';
import { waitBriefly, waitForData } from '../../../../lib/connectors/core/polling/wait-for-data.ts';
import { systemClock, type Clock } from '../../../../lib/foundation/clock.ts';
import { sourceTaskContext } from '../../../../lib/testing/task-context.ts';

describe('waitForData', () => {
  const setup = (options: { draining: boolean; signal?: AbortSignal }) => {
    const slept: number[] = [];
    const clock: Clock = { ...systemClock, sleep: async (ms) => void slept.push(ms) };
    return { slept, context: sourceTaskContext({ ...options, clock }) };
  };

  it('does not wait while draining, because an empty poll means caught up', async () => {
    const { slept, context } = setup({ draining: true });
    await waitForData(context);
    expect(slept).toEqual([]);
  });

  it.each([
    [50, [50]],
    [3_600_000, [1000]],
    [Number.POSITIVE_INFINITY, [1000]],
    [0, []],
    [-5, []],
  ])('waits %d ms, but a second at most', async (ms, expected) => {
    const { slept, context } = setup({ draining: false });
    await waitForData(context, ms);
    expect(slept).toEqual(expected);
  });

  it('waits after a failure also while draining', async () => {
    const { slept, context } = setup({ draining: true });
    await waitBriefly(context, 20);
    expect(slept).toEqual([20]);
  });

  it('ends quietly when the run is aborted, and passes on any other failure', async () => {
    const controller = new AbortController();
    const failing = (signal: AbortSignal) =>
      sourceTaskContext({
        draining: false,
        signal,
        clock: { ...systemClock, sleep: () => Promise.reject(new Error('broken clock')) },
      });
    await expect(waitForData(failing(controller.signal))).rejects.toThrow('broken clock');
    const context = sourceTaskContext({ draining: false, signal: controller.signal });
    const waiting = waitForData(context);
    controller.abort(new Error('over'));
    await expect(waiting).resolves.toBeUndefined();
  });
});
