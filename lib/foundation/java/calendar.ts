/** The fields of a moment in UTC, in java.util.GregorianCalendar's terms for the US: weeks start on Sunday. */
export interface CalendarFields {
  /** 1 BC is 0, 2 BC is -1. */
  readonly year: number;
  /** 0 is January. */
  readonly month: number;
  readonly day: number;
  readonly dayOfYear: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 to 86,399,999. */
  readonly millisOfDay: number;
}

export const dayMillis = 86_400_000;
const epochDay = 719_468;
/** 1582-10-15, the first day of the Gregorian calendar; Java dates before it are Julian. */
const cutoverDay = -141_427;
const cutoverYear = 1582;

export function calendarFields(epochMillis: number | bigint): CalendarFields {
  const { epochDays, millisOfDay } = splitDay(epochMillis);
  const { year, month, day } = epochDays >= cutoverDay ? gregorianDate(epochDays) : julianDate(epochDays);
  return {
    year,
    month,
    day,
    dayOfYear: epochDays - daysOf(year, 0, 1) + 1,
    weekday: mod(epochDays + 4, 7),
    millisOfDay,
  };
}

/** Exact for all of a Java long: a number beyond 2^53 would lose milliseconds. */
function splitDay(epochMillis: number | bigint): { epochDays: number; millisOfDay: number } {
  if (typeof epochMillis === 'number')
    return { epochDays: Math.floor(epochMillis / dayMillis), millisOfDay: mod(epochMillis, dayMillis) };
  const day = BigInt(dayMillis);
  const millisOfDay = ((epochMillis % day) + day) % day;
  return { epochDays: Number((epochMillis - millisOfDay) / day), millisOfDay: Number(millisOfDay) };
}

/** The day number of a date whose month and day may be out of their range: 13 months are a year and a month. */
export function daysOf(year: number, month: number, day: number): number {
  const y = year + Math.floor(month / 12);
  const m = mod(month, 12);
  if (y > cutoverYear) return gregorianDays(y, m, day);
  const gregorian = gregorianDays(y, m, day);
  return y === cutoverYear && gregorian >= cutoverDay ? gregorian : julianDays(y, m, day);
}

/** Week of the year as Java counts it in the US: week 1 is the one with January 1st. */
export function weekOfYear(fields: CalendarFields): { readonly week: number; readonly weekYear: number } {
  const sunday = fields.dayOfYear - fields.weekday;
  const daysInYear = daysOf(fields.year + 1, 0, 1) - daysOf(fields.year, 0, 1);
  if (sunday + 6 > daysInYear) return { week: 1, weekYear: fields.year + 1 };
  return {
    week: Math.floor((fields.dayOfYear + weekdayOf(fields.year, 0) - 1) / 7) + 1,
    weekYear: fields.year,
  };
}

export const weekOfMonth = ({ year, month, day }: CalendarFields): number =>
  Math.floor((day + weekdayOf(year, month) - 1) / 7) + 1;

/** The weekday of the first of a month, 0 is Sunday. */
export const weekdayOf = (year: number, month: number): number => mod(daysOf(year, month, 1) + 4, 7);

export const mod = (value: number, modulus: number): number => ((value % modulus) + modulus) % modulus;

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Years are counted from March, so that the leap day is the last of its year. */
function gregorianDays(year: number, month: number, day: number): number {
  const y = month < 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + marchDays(month) + day - 1;
  return era * 146_097 + dayOfEra - epochDay;
}

function gregorianDate(epochDays: number): CivilDate {
  const days = epochDays + epochDay;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return dateFromMarch(era * 400 + yearOfEra, dayOfYear);
}

function julianDays(year: number, month: number, day: number): number {
  const y = month < 2 ? year - 1 : year;
  // The Julian 1 March of year 0 was two days before the Gregorian one.
  return y * 365 + Math.floor(y / 4) + marchDays(month) + day - 1 - epochDay - 2;
}

function julianDate(epochDays: number): CivilDate {
  const days = epochDays + epochDay + 2;
  const cycle = Math.floor(days / 1461);
  const dayOfCycle = days - cycle * 1461;
  const yearOfCycle = Math.min(3, Math.floor(dayOfCycle / 365));
  return dateFromMarch(cycle * 4 + yearOfCycle, dayOfCycle - yearOfCycle * 365);
}

/** Days from 1 March to the first of a month. */
const marchDays = (month: number): number => Math.floor((153 * mod(month - 2, 12) + 2) / 5);

function dateFromMarch(marchYear: number, dayOfYear: number): CivilDate {
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mod(marchMonth + 2, 12);
  return { year: month < 2 ? marchYear + 1 : marchYear, month, day: dayOfYear - marchDays(month) + 1 };
}
