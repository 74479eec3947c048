import { beforeEach, describe, expect, it } from 'vitest';
import { DataError, RetriableError } from '../../../lib/api/errors.ts';
import type { FailedRecord } from '../../../lib/errors/failed-record.ts';
import { RetryWithTolerance, type ToleranceOptions } from '../../../lib/errors/retry-with-tolerance.ts';
import type { Clock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';

describe('RetryWithTolerance', () => {
  let now = 0;
  let waits: number[] = [];
  let reports: FailedRecord[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
  };
  const operator = (options: Partial<ToleranceOptions> = {}) =>
    new RetryWithTolerance({
      retryTimeoutMs: 0,
      retryDelayMaxMs: 60_000,
      tolerance: 'none',
      clock,
      random: seededRandom(1),
      reporters: [{ report: async (failed) => void reports.push(failed) }],
      ...options,
    });
  const failing = (times: number, error: Error, stage: FailedRecord['stage'] = 'TRANSFORMATION') => {
    let left = times;
    return {
      stage,
      executingClass: 'X',
      record: {},
      run: () => {
        if (left-- > 0) throw error;
        return 'done';
      },
    };
  };
  beforeEach(() => {
    now = 0;
    waits = [];
    reports = [];
  });

  it('waits 300 ms, then twice as long each time, until the retry timeout', async () => {
    const result = operator({ retryTimeoutMs: 10_000, tolerance: 'all' }).execute(
      failing(Infinity, new RetriableError('down')),
    );
    expect(await result).toBeUndefined();
    expect(waits).toEqual([300, 600, 1200, 2400, 4800, 700]);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.attempts).toBe(7);
  });

  it('succeeds when a retry does, without a report', async () => {
    expect(await operator({ retryTimeoutMs: -1 }).execute(failing(2, new RetriableError('down')))).toEqual({
      value: 'done',
    });
    expect(reports).toEqual([]);
  });

  it('never retries an error that is not retriable', async () => {
    expect(
      await operator({ retryTimeoutMs: -1, tolerance: 'all' }).execute(
        failing(Infinity, new DataError('bad')),
      ),
    ).toBeUndefined();
    expect(waits).toEqual([]);
  });

  it('reports also with tolerance none, and then throws (Invariant 5)', async () => {
    await expect(operator().execute(failing(1, new DataError('bad')))).rejects.toThrow(
      'Tolerance exceeded in error handler',
    );
    expect(reports).toHaveLength(1);
  });

  it.each([
    ['TRANSFORMATION', new DataError('bad'), true],
    ['TASK_PUT', new DataError('bad'), false],
    ['TASK_PUT', new RetriableError('down'), true],
    ['KAFKA_PRODUCE', new DataError('bad'), false],
  ] as const)('tolerance all in stage %s of %s: tolerated %s', async (stage, error, tolerated) => {
    const result = operator({ tolerance: 'all' }).execute(failing(1, error, stage));
    if (tolerated) expect(await result).toBeUndefined();
    else await expect(result).rejects.toThrow('Unhandled exception in error handler');
  });

  it('waits a random time below errors.retry.delay.max.ms once the delay would exceed it', async () => {
    await operator({ retryTimeoutMs: -1, retryDelayMaxMs: 1000 }).execute(
      failing(20, new RetriableError('down')),
    );
    expect(waits.slice(0, 2)).toEqual([300, 600]);
    expect(waits.slice(2)).toHaveLength(18);
    expect(waits.slice(2).every((ms) => ms >= 0 && ms < 1000)).toBe(true);
  });

  it('counts the time an attempt takes against the retry timeout', async () => {
    const slow = { ...failing(Infinity, new RetriableError('down')) };
    const run = () => {
      now += 400;
      return slow.run();
    };
    await operator({ retryTimeoutMs: 1000, tolerance: 'all' }).execute({ ...slow, run });
    expect(waits).toEqual([300]);
    expect(reports[0]?.attempts).toBe(2);
  });

  it('tolerates whatever a sink task itself reports, with tolerance all only', async () => {
    const report: FailedRecord = {
      stage: 'TASK_PUT',
      executingClass: 'X',
      error: new DataError('bad'),
      attempts: 1,
    };
    await operator({ tolerance: 'all' }).failed(report);
    await expect(operator().failed(report)).rejects.toThrow('Tolerance exceeded in error handler');
    expect(reports).toHaveLength(2);
  });

  it('is beyond tolerance once anything failed with tolerance none', async () => {
    const strict = operator();
    expect(strict.withinTolerance).toBe(true);
    await expect(strict.execute(failing(1, new DataError('bad')))).rejects.toThrow('Tolerance exceeded');
    expect(strict.withinTolerance).toBe(false);
  });

  it('ends with the reason of an abort instead of skipping a record it could retry (Invariant 5)', async () => {
    const abort = new AbortController();
    abort.abort(new Error('deadline'));
    await expect(
      operator({ retryTimeoutMs: -1, tolerance: 'all', signal: abort.signal }).execute(
        failing(1, new RetriableError('down')),
      ),
    ).rejects.toThrow('deadline');
    expect(reports).toEqual([]);
  });

  describe('that tells outages', () => {
    const down = new RetriableError('down');
    const outages = (ms: number) => ({
      isOutage: (error: unknown) => error === down,
      attempts: 3,
      until: deadlineIn(ms, clock),
    });

    it('neither reports nor skips a record because of one, but ends with a retriable error (Invariant 5)', async () => {
      const result = operator({ tolerance: 'all', outages: outages(900_000) }).execute(
        failing(Infinity, down),
      );
      await expect(result).rejects.toMatchObject({ retriable: true, cause: down });
      expect(reports).toEqual([]);
      expect(waits).toEqual([300, 600]);
    });

    it('still skips a poison record', async () => {
      const strict = operator({ tolerance: 'all', outages: outages(900_000) });
      expect(await strict.execute(failing(1, new DataError('bad')))).toBeUndefined();
      expect(reports).toHaveLength(1);
    });

    it('goes on when the outage ends in time', async () => {
      expect(await operator({ outages: outages(900_000) }).execute(failing(2, down))).toEqual({
        value: 'done',
      });
    });

    it('waits as long as errors.retry.timeout says, but not beyond the end of the run', async () => {
      const result = operator({ retryTimeoutMs: -1, outages: outages(2_000) }).execute(
        failing(Infinity, down),
      );
      await expect(result).rejects.toMatchObject({ retriable: true });
      expect(waits).toEqual([300, 600, 1100]);
      expect(reports).toEqual([]);
    });

    it('throws back a report that is one', async () => {
      const report = operator({ tolerance: 'all', outages: outages(900_000) }).failed({
        stage: 'TASK_PUT',
        executingClass: 'X',
        error: down,
        attempts: 1,
      });
      await expect(report).rejects.toMatchObject({ retriable: true });
      expect(reports).toEqual([]);
    });
  });
});
