import { dayMillis, daysOf, mod, weekdayOf } from './calendar.ts';
import type { PatternItem } from './date-pattern.ts';
import { eras, halves, months, short, weekdays, zones } from './date-names.ts';
import { asciiDigits } from './text.ts';

/** What has been read, by pattern letter; in the order it was read, because later fields win in Java. */
type Fields = Map<string, number>;

interface Step {
  readonly letter: string;
  readonly count: number;
  /** Another number follows at once: `yyyyMMdd` takes four, two and two digits. */
  readonly abuts: boolean;
  readonly century: number;
}

/** Reads `text` leniently: month 13 is January of the next year. Null when it does not begin as the pattern says. */
export function parseDate(items: readonly PatternItem[], text: string, century: number): number | null {
  const fields: Fields = new Map();
  const ascii = asciiDigits(text);
  let position = 0;
  for (const [i, item] of items.entries()) {
    if ('literal' in item) {
      if (!ascii.startsWith(item.literal, position)) return null;
      position += item.literal.length;
    } else {
      const next = items[i + 1];
      const step = { ...item, abuts: next !== undefined && 'letter' in next && isNumeric(next), century };
      const end = readField(step, ascii, position, fields);
      if (end === null) return null;
      position = end;
    }
  }
  return resolve(fields);
}

const isNumeric = ({ letter, count }: { letter: string; count: number }): boolean =>
  letter === 'M' || letter === 'L' ? count <= 2 : !'GEazZX'.includes(letter);

/** Where the field ends, or null. */
function readField(step: Step, text: string, from: number, fields: Fields): number | null {
  let start = from;
  while (text.charAt(start) === ' ' || text.charAt(start) === '\t') start++;
  if (start >= text.length) return null;
  switch (step.letter) {
    case 'G':
      return readName(eras, text, start, (index) => fields.set('G', index));
    case 'a':
      return readName(halves, text, start, (index) => fields.set('a', index));
    case 'E':
      return readName([...weekdays, ...weekdays.map(short)], text, start, (index) =>
        fields.set('E', index % 7),
      );
    case 'M':
    case 'L':
      if (step.count <= 2) break;
      return readName([...months, ...months.map(short)], text, start, (index) => fields.set('M', index % 12));
    case 'z':
    case 'Z':
      return readZone(text, start, fields);
    case 'X':
      return readIsoZone(step.count, text, start, fields);
    default:
  }
  return readNumber(step, text, { from, start }, fields);
}

function readNumber(
  step: Step,
  text: string,
  { from, start }: { from: number; start: number },
  fields: Fields,
): number | null {
  const limit = step.abuts ? from + step.count : text.length;
  if (limit > text.length) return null;
  const digits = /^-?\d+/.exec(text.slice(start, limit))?.[0];
  if (digits === undefined) return null;
  const value = toInt(digits);
  switch (step.letter) {
    case 'y':
    case 'Y':
      fields.set(
        step.letter,
        step.count <= 2 && /^\d\d$/.test(digits) ? inCentury(value, step.century) : value,
      );
      break;
    case 'M':
    case 'L':
      fields.set('M', value - 1);
      break;
    case 'k':
      fields.set('H', value === 24 ? 0 : value);
      break;
    case 'h':
      fields.set('K', value === 12 ? 0 : value);
      break;
    case 'u':
      fields.set('E', value % 7);
      break;
    default:
      fields.set(step.letter, value);
  }
  return start + digits.length;
}

function toInt(digits: string): number {
  const value = BigInt(digits);
  if (BigInt.asIntN(64, value) === value) return Number(BigInt.asIntN(32, value));
  return value < 0n ? -(2 ** 31) : 2 ** 31 - 1;
}

const inCentury = (value: number, start: number): number =>
  value + Math.floor(start / 100) * 100 + (value < start % 100 ? 100 : 0);

/** The longest name the text goes on with, whatever its case. */
function readName(
  names: readonly string[],
  text: string,
  start: number,
  found: (index: number) => void,
): number | null {
  let best = -1;
  for (const [i, name] of names.entries()) {
    const matches = text.slice(start, start + name.length).toLowerCase() === name.toLowerCase();
    if (matches && (best < 0 || name.length > (names[best] ?? '').length)) best = i;
  }
  if (best < 0) return null;
  found(best);
  return start + (names[best] ?? '').length;
}

function readZone(text: string, start: number, fields: Fields): number | null {
  const custom =
    /^(?:GMT)([+-])(\d{1,2}):(\d\d)/i.exec(text.slice(start)) ??
    /^([+-])(\d\d)(\d\d)/.exec(text.slice(start));
  if (custom !== null) return setZone(custom, start, fields);
  const names = [...zones.keys()];
  return readName(names, text, start, (index) => fields.set('zone', zones.get(names[index] ?? '') ?? 0));
}

const isoZones = [/^([+-])(\d\d)/, /^([+-])(\d\d)(\d\d)/, /^([+-])(\d\d):(\d\d)/];

function readIsoZone(count: number, text: string, start: number, fields: Fields): number | null {
  if (text.charAt(start) === 'Z') {
    fields.set('zone', 0);
    return start + 1;
  }
  const match = isoZones[count - 1]?.exec(text.slice(start)) ?? null;
  return match === null ? null : setZone(match, start, fields);
}

function setZone(
  [whole, sign, hours = '0', minutes = '0']: RegExpExecArray,
  start: number,
  fields: Fields,
): number | null {
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  fields.set('zone', (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
  return start + whole.length;
}

function resolve(fields: Fields): number {
  const get = (letter: string): number => fields.get(letter) ?? 0;
  const hour = fields.has('H') ? get('H') : get('K') + 12 * get('a');
  const time = ((hour * 60 + get('m')) * 60 + get('s')) * 1000 + get('S');
  return resolveDay(fields) * dayMillis + time - get('zone') * 60_000;
}

/** Which fields tell the day depends on which were read last: a date, a day of the year, or a weekday in a week. */
function resolveDay(fields: Fields): number {
  const order = [...fields.keys()];
  const rank = (...letters: string[]): number =>
    Math.max(...letters.map((letter) => order.lastIndexOf(letter)));
  const yearRead = fields.get('y') ?? 1970;
  const year = fields.get('G') === 0 ? 1 - yearRead : yearRead;
  const month = fields.get('M') ?? 0;
  const weekday = fields.get('E') ?? 0;
  const last = Math.max(rank('d'), rank('D'), rank('W'), rank('F'), rank('w'));
  if (last < 0 && fields.has('Y')) return weekStart(fields.get('Y') ?? 1970, 0) + weekday;
  if (last >= 0 && last === rank('D')) return daysOf(year, 0, fields.get('D') ?? 1);
  if (last >= 0 && last === rank('w')) {
    const start = weekStart(fields.get('Y') ?? year, 0) + ((fields.get('w') ?? 1) - 1) * 7;
    return start + weekday;
  }
  if (last >= 0 && last === rank('W'))
    return weekStart(year, month) + ((fields.get('W') ?? 1) - 1) * 7 + weekday;
  if (last >= 0 && last === rank('F'))
    return weekdayInMonth(year, month, { weekday, n: fields.get('F') ?? 1 });
  if (last < 0 && fields.has('E'))
    return weekStart(year, month) + (weekdayOf(year, month) > weekday ? 7 : 0) + weekday;
  return daysOf(year, month, fields.get('d') ?? 1);
}

/** The Sunday on or before the first of a month. */
const weekStart = (year: number, month: number): number => daysOf(year, month, 1) - weekdayOf(year, month);

function weekdayInMonth(year: number, month: number, { weekday, n }: { weekday: number; n: number }): number {
  const first = daysOf(year, month, 1) + mod(weekday - weekdayOf(year, month), 7);
  return first + (n - 1) * 7;
}
