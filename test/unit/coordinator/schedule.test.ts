import { describe, expect, it } from 'vitest';
import { cadence, lambdaCadence, nextDue, parseRate } from '../../../lib/coordinator/schedule.ts';

describe('schedule', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(15 minutes)', 900_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(30 seconds)', 30_000],
    [' rate(2 days) ', 172_800_000],
  ])('%s is %d ms', (text, ms) => expect(parseRate(text)).toBe(ms));

  it.each(['1 minute', 'rate(0 minutes)', 'rate(five minutes)', 'cron(0 * * * ? *)'])(
    '%s is refused with what is allowed',
    (text) => {
      expect(() => parseRate(text)).toThrow(/lambda\.schedule: must be like rate\(1 minute\)/);
    },
  );

  it('drains once a minute where the config does not say, and forced cadences win over configs', () => {
    expect(cadence({}, lambdaCadence)).toEqual({ mode: 'drain', everyMs: 60_000 });
    expect(cadence({ 'lambda.mode': 'Continuous' }, lambdaCadence)).toEqual({
      mode: 'continuous',
      everyMs: 300_000,
    });
    const forced = { mode: 'drain', everyMs: 5 } as const;
    expect(cadence({ 'lambda.mode': 'continuous' }, { ...lambdaCadence, forced })).toEqual(forced);
  });

  it('keeps in step and catches up once', () => {
    expect(nextDue(1_000, 500, 100)).toBe(1_000);
    expect(nextDue(1_000, 1_000, 100)).toBe(1_100);
    expect(nextDue(1_000, 1_950, 100)).toBe(2_000);
  });
});
