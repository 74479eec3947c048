import { beforeEach, describe, expect, it } from 'vitest';
import { InFlight } from '../../../../lib/kafka/client/in-flight.ts';
import type { Clock } from '../../../../lib/foundation/clock.ts';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.ts';

describe('the requests that are not answered', () => {
  let clock: VirtualClock;
  let sleeping: number;
  let outcomes: string[];
  let inFlight: InFlight;
  let ids: number;

  beforeEach(() => {
    [sleeping, ids, outcomes] = [0, 0, []];
    clock = new VirtualClock();
    const counted: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: async (ms, signal) => {
        sleeping++;
        expect(ms).toBeLessThan(2 ** 31);
        try {
          await clock.sleep(ms, signal);
        } finally {
          sleeping--;
        }
      },
    };
    inFlight = new InFlight(counted, ({ name }) => {
      outcomes.push(`${name} expired at ${clock.monotonic()}`);
      inFlight.fail(new Error('lost'));
    });
  });

  const add = (name: string, timeoutMs: number): void =>
    inFlight.add({
      correlationId: ids++,
      name,
      timeoutMs,
      resolve: (body) => outcomes.push(`${name}: ${body.toString()}`),
      reject: (error) => outcomes.push(`${name} rejected: ${(error as Error).message}`),
    });

  it('are answered in the order they were sent', () => {
    for (const name of ['a', 'b', 'c']) add(name, 10_000);
    for (const text of ['1', '2']) inFlight.answer(Buffer.from(text));
    expect([inFlight.due, outcomes]).toEqual([2, ['a: 1', 'b: 2']]);
    inFlight.answer(Buffer.from('3'));
    expect([inFlight.due, outcomes.at(-1)]).toEqual([undefined, 'c: 3']);
  });

  it('have each their own time, the shortest of which ends them all', async () => {
    add('long', 60_000);
    await clock.advance(1_000);
    add('short', 10_000);
    await clock.advance(9_999);
    expect(outcomes).toEqual([]);
    await clock.advance(1);
    expect(outcomes).toEqual(['short expired at 11000', 'long rejected: lost', 'short rejected: lost']);
  });

  it('have their time anew after others were answered', async () => {
    add('first', 10_000);
    await clock.advance(9_000);
    inFlight.answer(Buffer.from('x'));
    add('second', 10_000);
    await clock.advance(9_999);
    expect(outcomes).toEqual(['first: x']);
    await clock.advance(1);
    expect(outcomes.slice(1)).toEqual(['second expired at 19000', 'second rejected: lost']);
  });

  it('leave no timer behind when all are answered or have failed', async () => {
    for (let round = 0; round < 3; round++) {
      add('answered', 10_000);
      await clock.advance(1);
      expect(sleeping).toBe(1);
      inFlight.answer(Buffer.alloc(0));
      await clock.advance(0);
      expect(sleeping).toBe(0);
    }
    add('failed', 10_000);
    inFlight.fail(new Error('lost'));
    await clock.advance(0);
    expect(sleeping).toBe(0);
  });

  it('do not expire when the answer is there as soon as the socket is read', async () => {
    let time = 0;
    const { promise: tenSeconds, resolve: frozen } = Promise.withResolvers<void>();
    const thawing = { now: () => time, monotonic: () => time, sleep: () => tenSeconds };
    inFlight = new InFlight(thawing, ({ name }) => {
      outcomes.push(`${name} expired`);
      inFlight.fail(new Error('lost'));
    });
    add('late', 10_000);
    time = 60_000;
    frozen();
    // As after a freeze: the timers have their turn before the socket has.
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        inFlight.answer(Buffer.from('there'));
        resolve();
      });
    });
    await clock.advance(0);
    expect(outcomes).toEqual(['late: there']);
  });

  it('may take longer than a timer can', async () => {
    add('patient', 2 ** 31 + 5_000);
    await clock.advance(2 ** 31 + 4_999);
    expect(outcomes).toEqual([]);
    await clock.advance(1);
    expect(outcomes[0]).toMatch(/^patient expired/);
  });
});
