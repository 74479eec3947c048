import { describe, expect, it } from 'vitest';
import { cachedToken, type IssuedToken } from '../../../../lib/kafka/auth/cached-token.ts';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.ts';

const minute = 60_000;

function issuer(clock: VirtualClock) {
  const issued: IssuedToken[] = [];
  const issue = async (): Promise<IssuedToken> => {
    const token = {
      value: `token ${issued.length + 1}`,
      issuedAt: clock.now(),
      expiresAt: clock.now() + 15 * minute,
    };
    issued.push(token);
    return token;
  };
  return { issued, issue };
}

describe('a cached token', () => {
  it('is issued once, and again when four fifths of its life are over', async () => {
    const clock = new VirtualClock();
    const token = cachedToken(issuer(clock).issue, clock);
    expect(await token()).toBe('token 1');
    await clock.advance(12 * minute - 1);
    expect(await token()).toBe('token 1');
    await clock.advance(1);
    expect(await token()).toBe('token 2');
    expect(await token()).toBe('token 2');
  });

  it('is issued once for all who ask at the same time', async () => {
    const clock = new VirtualClock();
    const { issue, issued } = issuer(clock);
    const token = cachedToken(issue, clock);
    const both = (): Promise<string[]> => Promise.all([token(), token(), token()]);
    expect(await both()).toEqual(['token 1', 'token 1', 'token 1']);
    await clock.advance(14 * minute);
    expect(await both()).toEqual(['token 2', 'token 2', 'token 2']);
    expect(issued).toHaveLength(2);
  });

  it('that could not be issued is tried again by the next who asks', async () => {
    const clock = new VirtualClock();
    const { issue } = issuer(clock);
    let broken = true;
    const token = cachedToken(async () => {
      if (broken) throw new Error('no credentials');
      return issue();
    }, clock);
    await expect(token()).rejects.toThrow('no credentials');
    broken = false;
    expect(await token()).toBe('token 1');
    await clock.advance(14 * minute);
    broken = true;
    await expect(token()).rejects.toThrow('no credentials');
    broken = false;
    expect(await token()).toBe('token 2');
  });
});
