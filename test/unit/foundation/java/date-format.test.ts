import { describe, expect, it } from 'vitest';
import { javaDate } from '../../../../lib/foundation/java/date-format.ts';

describe('javaDate', () => {
  it.each([
    [0, 'Thu Jan 01 00:00:00 UTC 1970'],
    [1483425001864, 'Tue Jan 03 06:30:01 UTC 2017'],
    [-12219292800000, 'Fri Oct 15 00:00:00 UTC 1582'],
    [-12219292800001, 'Thu Oct 04 23:59:59 UTC 1582'],
    [-62135596800000, 'Mon Jan 03 00:00:00 UTC 1'],
    [-62135769600001, 'Fri Dec 31 23:59:59 UTC 1'],
    [253402300800000, 'Sat Jan 01 00:00:00 UTC 10000'],
    [8640000000000001, 'Sat Sep 13 00:00:00 UTC 275760'],
    [9223372036854775807n, 'Sun Aug 17 07:12:55 UTC 292278994'],
    [-9223372036854775808n, 'Sun Dec 02 16:47:04 UTC 292269055'],
  ])('prints %d as %s', (millis, text) => {
    expect(javaDate(millis)).toBe(text);
  });
});
