import { beforeEach, describe, expect, it } from 'vitest';
import { Outbox } from '../../../../lib/kafka/client/outbox.ts';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.ts';

describe('the way out of requests', () => {
  let clock: VirtualClock;
  let seen: string[];
  let outbox: Outbox;
  let preparations: PromiseWithResolvers<void>[];

  beforeEach(() => {
    clock = new VirtualClock();
    [seen, preparations] = [[], []];
    outbox = new Outbox({
      clock,
      prepare: () => preparations[0]?.promise,
      failed: (error) => {
        seen.push('failed');
        outbox.fail(error);
      },
    });
  });

  const push = (name: string): void =>
    outbox.push({ send: () => seen.push(name), fail: (error) => seen.push(`${name}: ${String(error)}`) });

  it('is free at once, in the very call', () => {
    for (const name of ['a', 'b']) push(name);
    expect(seen).toEqual(['a', 'b']);
  });

  it('is closed for as long as the broker asked, and keeps the order (KIP-219)', async () => {
    outbox.throttle(500);
    outbox.throttle(100);
    push('a');
    await clock.advance(400);
    push('b');
    await clock.advance(99);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect(seen).toEqual(['a', 'b']);
    push('c');
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('stays closed when the broker asks again meanwhile', async () => {
    outbox.throttle(500);
    push('a');
    await clock.advance(400);
    outbox.throttle(500);
    await clock.advance(499);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect(seen).toEqual(['a']);
  });

  it('is closed during a preparation, and nothing overtakes what waited', async () => {
    const signIn = Promise.withResolvers<void>();
    preparations = [signIn];
    for (const name of ['a', 'b']) push(name);
    await clock.advance(10_000);
    expect(seen).toEqual([]);
    preparations = [];
    signIn.resolve();
    void signIn.promise.then(() => push('c'));
    await clock.advance(0);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('ends with the failure of the preparation', async () => {
    const signIn = Promise.withResolvers<void>();
    preparations = [signIn];
    push('a');
    signIn.reject(new Error('refused'));
    await clock.advance(0);
    expect(seen).toEqual(['failed', 'a: Error: refused']);
  });

  it('sends nothing of what waited when the connection is lost, and leaves no timer', async () => {
    outbox.throttle(500);
    push('a');
    outbox.fail(new Error('lost'));
    await clock.advance(1_000);
    expect(seen).toEqual(['a: Error: lost']);
  });
});
