import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarFields, daysOf } from '../../../../lib/foundation/java/calendar.ts';
import { SimpleDateFormat } from '../../../../lib/foundation/java/simple-date-format.ts';

const now = Date.UTC(2026, 0, 1);
const moment = Date.UTC(2017, 0, 3, 6, 30, 1, 864);

describe('SimpleDateFormat', () => {
  it.each([
    ["yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", '2017-01-03T06:30:01.864Z'],
    ['EEE, dd MMM yyyy h:mm a z', 'Tue, 03 Jan 2017 6:30 AM UTC'],
    ["EEEE MMMM ''yy''", "Tuesday January '17'"],
    ['YYYY-ww u D F W Z X zzzz G', '2017-01 2 3 1 1 +0000 Z Coordinated Universal Time AD'],
    ['k K S', '6 6 864'],
  ])('formats %s', (pattern, text) => {
    expect(new SimpleDateFormat(pattern, now).format(moment)).toBe(text);
  });

  it.each([
    ['yyyyMMddHHmmssSSS', '20170103063001864', moment],
    ['yyyy-MM-dd', '2017-13-45 trailing', Date.UTC(2018, 1, 14)],
    ['yyyy-MM-dd', '0001-01-01', -62135769600000],
    ['yy-MM-dd', '50-01-01', Date.UTC(1950, 0, 1)],
    ['yy-MM-dd', '45-01-01', Date.UTC(2045, 0, 1)],
    ['dd MMM yyyy', '3 january 2017', Date.UTC(2017, 0, 3)],
    ['yyyy DDD', '2016 366', Date.UTC(2016, 11, 31)],
    ['yyyy-MM-dd HH:mm X', '2017-01-03 06:30 +01', Date.UTC(2017, 0, 3, 5, 30)],
    ['yyyy-MM-dd HH:mm z', '2017-01-03 06:30 PST', Date.UTC(2017, 0, 3, 14, 30)],
    ['h:mm a', '12:30 AM', 30 * 60_000],
  ])('parses %s: %s', (pattern, text, millis) => {
    expect(new SimpleDateFormat(pattern, now).parse(text)).toBe(millis);
  });

  it.each([
    ['yyyy-MM-dd', '2017/01/03'],
    ['yyyy-MM-dd', 'x'],
    ['yyyy-MM-dd', ''],
    ['dd MMM yyyy', '3 nope 2017'],
  ])('does not parse %s: %j', (pattern, text) => {
    expect(new SimpleDateFormat(pattern, now).parse(text)).toBeNull();
  });

  it.each(['QQ', "'open", 'XXXX'])('refuses the pattern %s', (pattern) => {
    expect(() => new SimpleDateFormat(pattern, now)).toThrow(RangeError);
  });
});

describe('the calendar', () => {
  it('agrees with JavaScript after 1582, and finds each day again', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date(-62_000_000_000_000),
          max: new Date(253_402_300_799_999),
          noInvalidDate: true,
        }),
        (date) => {
          const fields = calendarFields(date.getTime());
          expect(daysOf(fields.year, fields.month, fields.day) * 86_400_000 + fields.millisOfDay).toBe(
            date.getTime(),
          );
          if (date.getUTCFullYear() <= 1582) return;
          expect([fields.year, fields.month, fields.day, fields.weekday]).toEqual([
            date.getUTCFullYear(),
            date.getUTCMonth(),
            date.getUTCDate(),
            date.getUTCDay(),
          ]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
