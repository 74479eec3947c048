import { calendarFields, type CalendarFields, mod, weekOfMonth, weekOfYear } from './calendar.ts';
import { parseDate } from './date-parse.ts';
import { type PatternItem, parseDatePattern } from './date-pattern.ts';
import { eras, halves, months, short, weekdays } from './date-names.ts';

/** java.text.SimpleDateFormat in UTC for the US, lenient. Throws a RangeError for a bad pattern. */
export class SimpleDateFormat {
  readonly #items: readonly PatternItem[];
  readonly #century: number;

  /** `now`: milliseconds; two-digit years are read as within 80 years before and 20 after it. */
  constructor(pattern: string, now: number) {
    this.#items = parseDatePattern(pattern);
    this.#century = calendarFields(now).year - 80;
  }

  format(epochMillis: number | bigint): string {
    const fields = calendarFields(epochMillis);
    return this.#items
      .map((item) => ('literal' in item ? item.literal : formatField(item.letter, item.count, fields)))
      .join('');
  }

  /** Milliseconds; null when the text does not begin as the pattern says. What follows is ignored, as in Java. */
  parse(text: string): number | null {
    return parseDate(this.#items, text, this.#century);
  }
}

const pad = (value: number, count: number): string =>
  `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(count, '0')}`;

const yearOfEra = (year: number): number => (year > 0 ? year : 1 - year);
const formatYear = (year: number, count: number): string =>
  count === 2 ? pad(mod(year, 100), 2) : pad(year, count);

function formatField(letter: string, count: number, fields: CalendarFields): string {
  const hour = Math.floor(fields.millisOfDay / 3_600_000);
  switch (letter) {
    case 'G':
      return eras[fields.year > 0 ? 1 : 0] ?? '';
    case 'y':
      return formatYear(yearOfEra(fields.year), count);
    case 'Y':
      return formatYear(weekOfYear(fields).weekYear, count);
    case 'M':
    case 'L':
      return formatName(months[fields.month] ?? '', count) ?? pad(fields.month + 1, count);
    case 'E':
      return formatName(weekdays[fields.weekday] ?? '', Math.max(3, count)) ?? '';
    case 'a':
      return halves[hour < 12 ? 0 : 1] ?? '';
    case 'z':
      return count >= 4 ? 'Coordinated Universal Time' : 'UTC';
    case 'Z':
      return '+0000';
    case 'X':
      return 'Z';
    default:
      return pad(numericField(letter, hour, fields), count);
  }
}

const formatName = (name: string, count: number): string | undefined =>
  count < 3 ? undefined : count === 3 ? short(name) : name;

function numericField(letter: string, hour: number, fields: CalendarFields): number {
  const { millisOfDay } = fields;
  const values: Readonly<Record<string, number>> = {
    d: fields.day,
    D: fields.dayOfYear,
    F: Math.floor((fields.day - 1) / 7) + 1,
    H: hour,
    k: hour === 0 ? 24 : hour,
    K: hour % 12,
    h: hour % 12 === 0 ? 12 : hour % 12,
    m: Math.floor(millisOfDay / 60_000) % 60,
    s: Math.floor(millisOfDay / 1000) % 60,
    S: millisOfDay % 1000,
    u: fields.weekday === 0 ? 7 : fields.weekday,
    w: weekOfYear(fields).week,
    W: weekOfMonth(fields),
  };
  return values[letter] ?? 0;
}
