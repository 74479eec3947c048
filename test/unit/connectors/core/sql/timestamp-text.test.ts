import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  daysSinceEpoch,
  epochMillis,
  formatWallClock,
  nanosOfSecond,
} from '../../../../../lib/connectors/core/sql/time/timestamp-text.ts';
import { timeZone, utc } from '../../../../../lib/connectors/core/sql/time/time-zone.ts';

describe('timestamp text', () => {
  it.each([
    ['1970-01-01 00:00:00', 0],
    ['2024-02-29 12:34:56', Date.UTC(2024, 1, 29, 12, 34, 56)],
    ['2024-02-29T12:34:56.7', Date.UTC(2024, 1, 29, 12, 34, 56, 700)],
    ['2024-02-29 12:34:56.789999', Date.UTC(2024, 1, 29, 12, 34, 56, 789)],
    ['2024-02-29 12:34:56.789999999', Date.UTC(2024, 1, 29, 12, 34, 56, 789)],
    ['2024-02-29 12:34:56+00', Date.UTC(2024, 1, 29, 12, 34, 56)],
    ['2024-02-29 12:34:56.5-03:30', Date.UTC(2024, 1, 29, 16, 4, 56, 500)],
    ['2024-02-29T12:34:56Z', Date.UTC(2024, 1, 29, 12, 34, 56)],
    ['1900-01-01 00:00:00+00:19:32', Date.UTC(1900, 0, 1) - 1_172_000],
    ['1969-12-31 23:59:59.9995', -1],
    ['2024-02-29 12:34', Date.UTC(2024, 1, 29, 12, 34)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['0001-01-01 00:00:00 BC', -62_167_219_200_000],
    ['10000-01-01 00:00:00', Date.UTC(10_000, 0, 1)],
  ])('reads %s', (text, expected) => {
    expect(epochMillis(text, utc)).toBe(expected);
  });

  it.each([
    '',
    'infinity',
    'yesterday',
    '2024-13',
    '2024-02-29 12:34:56.',
    '2024-02-29 12:34:56 CET',
    '20xx-01-01 00:00:00',
  ])('refuses %o', (text) => {
    expect(() => epochMillis(text, utc)).toThrow(/is not a timestamp/);
  });

  it.each([
    ['2024-02-29 12:34:56', 0],
    ['2024-02-29 12:34:56.1', 100_000_000],
    ['2024-02-29 12:34:56.000000001', 1],
    ['2024-02-29 12:34:56.123456+00', 123_456_000],
  ])('finds the nanoseconds in %s', (text, expected) => {
    expect(nanosOfSecond(text)).toBe(expected);
  });

  it('is the inverse of formatting, to the digits that are written', () => {
    const times = fc.tuple(
      fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      fc.integer({ min: 0, max: 999_999 }),
    );
    fc.assert(
      fc.property(times, fc.constantFrom(' ' as const, 'T' as const), ([ms, below], separator) => {
        const nanos = (((ms % 1000) + 1000) % 1000) * 1_000_000 + below;
        const text = formatWallClock(ms, nanos, { separator, fractionDigits: 9, suffix: '' });
        expect([epochMillis(text, utc), nanosOfSecond(text)]).toEqual([ms, nanos]);
      }),
    );
  });

  it('counts days as Date does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        const date = new Date(days * 86_400_000);
        expect(daysSinceEpoch(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(days);
      }),
    );
  });
});

describe('time zones', () => {
  const amsterdam = timeZone('Europe/Amsterdam') ?? utc;
  it.each([
    ['winter', '2024-01-15 12:00:00', Date.UTC(2024, 0, 15, 11)],
    ['summer', '2024-07-15 12:00:00', Date.UTC(2024, 6, 15, 10)],
    ['the hour that is left out, moved on', '2024-03-31 02:30:00', Date.UTC(2024, 2, 31, 1, 30)],
    ['the first of the hour that comes twice', '2024-10-27 02:30:00', Date.UTC(2024, 9, 27, 0, 30)],
    ['the hour after it', '2024-10-27 03:00:00', Date.UTC(2024, 9, 27, 2)],
  ])('know %s', (_, text, expected) => {
    expect(epochMillis(text, amsterdam)).toBe(expected);
  });

  it('turn every moment into wall-clock time and back, except the second coming of an hour', () => {
    const zone = timeZone('Australia/Lord_Howe') ?? utc;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000_000 }), (epoch) => {
        const local = zone.toLocal(epoch);
        expect(zone.toLocal(zone.toEpoch(local))).toBe(local);
        expect([0, 1_800_000]).toContain(epoch - zone.toEpoch(local));
      }),
    );
  });

  it('that do not exist are undefined', () => {
    expect(timeZone('Mars/Base')).toBeUndefined();
  });
});
