import { DataError } from '../../../../api/errors.ts';
import type { TimeZone } from './time-zone.ts';

/** A point in time as precise as databases keep it, in the form Connect users know from offsets. */
export interface PreciseTime {
  /** Milliseconds since the epoch, rounded down. */
  readonly ms: number;
  /** Nanoseconds within the second, 0 to 999 999 999; the milliseconds are part of it (java.sql.Timestamp). */
  readonly nanos: number;
}

const dayMs = 86_400_000;
const [zero, hyphen, point] = [0x30, 0x2d, 0x2e];
const pattern =
  /^(\d{4,})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?( BC)?$/;

/**
 * `2024-02-29 12:34:56.789012`, with a T or a space, with or without a zone, as milliseconds since the epoch; what
 * is finer is cut off. Text without a zone is wall-clock time in `zone`. Never goes through a Date.
 */
export function epochMillis(text: string, zone: TimeZone): number {
  const ms = commonForm(text);
  return ms === undefined ? anyForm(text, zone) : zone.toEpoch(ms);
}

export const preciseTime = (text: string, zone: TimeZone): PreciseTime => ({
  ms: epochMillis(text, zone),
  nanos: nanosOfSecond(text),
});

/** Nanoseconds within the second, from the digits after the point. */
export function nanosOfSecond(text: string): number {
  const point = text.indexOf('.', 10);
  if (point < 0) return 0;
  let nanos = 0;
  for (let place = 1; place <= 9; place++) {
    const digit = text.charCodeAt(point + place) - 48;
    if (!(digit >= 0 && digit <= 9)) return nanos * 10 ** (10 - place);
    nanos = nanos * 10 + digit;
  }
  return nanos;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar; year 0 is 1 BC. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

export interface TimestampLayout {
  readonly separator: ' ' | 'T';
  readonly fractionDigits: number;
  readonly suffix: string;
}

/** The inverse of `epochMillis`: `ms` counts from the epoch as if the wall clock it belongs to were UTC. */
export function formatWallClock(
  ms: number,
  nanos: number,
  { separator, fractionDigits, suffix }: TimestampLayout,
): string {
  const [date = '', time = ''] = new Date(Math.floor(ms / 1000) * 1000).toISOString().split('T');
  const fraction = fractionDigits === 0 ? '' : `.${String(nanos).padStart(9, '0').slice(0, fractionDigits)}`;
  return `${date}${separator}${time.slice(0, 8)}${fraction}${suffix}`;
}

/** `YYYY-MM-DD HH:MM:SS[.f…]` without a zone, by far the most common; undefined for anything else. */
function commonForm(text: string): number | undefined {
  const { length } = text;
  if (length < 19 || length > 29 || text.charCodeAt(4) !== hyphen) return undefined;
  if (length > 19 && (length === 20 || text.charCodeAt(19) !== point || !allDigits(text, 20)))
    return undefined;
  const days = daysSinceEpoch(
    twoDigits(text, 0) * 100 + twoDigits(text, 2),
    twoDigits(text, 5),
    twoDigits(text, 8),
  );
  const ms =
    days * dayMs +
    twoDigits(text, 11) * 3_600_000 +
    twoDigits(text, 14) * 60_000 +
    twoDigits(text, 17) * 1000 +
    Math.floor(nanosOfSecond(text) / 1_000_000);
  return Number.isNaN(ms) ? undefined : ms;
}

/** NaN where there is anything else. A function of its own: a closure would be made anew for each text. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - zero, text.charCodeAt(at + 1) - zero];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function allDigits(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return false;
  }
  return true;
}

function anyForm(text: string, zone: TimeZone): number {
  const match = pattern.exec(text);
  if (match === null) throw new DataError(`"${text}" is not a timestamp this connector can read`);
  const [, year, month, day, hour = 0, minute = 0, second = 0, , offset, bc] = match;
  const days = daysSinceEpoch(bc === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day));
  const seconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const ms = seconds * 1000 + Math.floor(nanosOfSecond(text) / 1_000_000);
  return offset === undefined ? zone.toEpoch(ms) : ms - offsetMillis(offset);
}

function offsetMillis(offset: string): number {
  if (offset === 'Z') return 0;
  const digits = offset.slice(1).replaceAll(':', '').padEnd(6, '0');
  const seconds =
    Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return (offset.startsWith('-') ? -seconds : seconds) * 1000;
}
