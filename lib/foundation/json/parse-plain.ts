import { mayExceedLimits } from './json-limits.ts';

/**
 * A number with a point or an exponent that may be an integer by value: `12.0`, `1e5`, `2.9999999999999999`. Below
 * 2^47 a fraction that rounds away begins with 00 or 99; above, 15 digits stand before the point. Looking for the end
 * of numbers, not for their beginning, makes the search cheap: every alternative is three characters or longer.
 */
const mayBeIntegral = /\d(?:\.(?:0+|(?:00|99)\d+)|[eE][-+]?\d+)\s*[,}\]]|\d\.\d(?<=\d{15}..)/;

const decimals = /[:,[\s](-?\d+(?:\.\d+(?:[eE][-+]?\d+)?|[eE][-+]?\d+))(?=\s*[,}\]])/g;

/**
 * JSON.parse where that loses nothing. Undefined where a number would not show how it was written: an integral
 * decimal (12.0), an integer beyond 2^53, -0, an exponent beyond all doubles; and for some texts with such a number
 * inside a string, and for all that are one number, which costs time only. Undefined, too, for what may be beyond
 * Jackson's limits. `depth`: how deep the text itself stands. Throws a SyntaxError.
 */
export function parsePlain(text: string, depth = 0): unknown {
  if (mayExceedLimits(text, depth)) return undefined;
  if (mayBeIntegral.test(text) && holdsIntegralDecimal(text)) return undefined;
  const value: unknown = JSON.parse(text);
  return typeof value !== 'number' && isExact(value) ? value : undefined;
}

function holdsIntegralDecimal(text: string): boolean {
  for (const [, literal] of text.matchAll(decimals)) {
    const number = Number(literal);
    if (Number.isInteger(number) || !Number.isFinite(number)) return true;
  }
  return false;
}

/** Whether every integer in it is the one that was written. */
const isExact = (value: unknown): boolean =>
  typeof value === 'number'
    ? value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER && !Object.is(value, -0)
    : typeof value !== 'object' || value === null || hasExactMembers(value);

function hasExactMembers(container: object): boolean {
  if (Array.isArray(container)) return container.every(isExact);
  for (const key in container) {
    if (!isExact((container as Readonly<Record<string, unknown>>)[key])) return false;
  }
  return true;
}
