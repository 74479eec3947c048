import { exactInteger, type NumberHook } from './json-number.ts';
import { JsonReader } from './json-reader.ts';
import { parsePlain } from './parse-plain.ts';

/**
 * Whether a text may hold a number with a point or an exponent. It may say yes for text inside a string, which costs
 * time only, and never a wrong no: numbers stand after `:`, `,`, `[`, white space or at the beginning.
 */
const fractional = /[:,[\s]-?\d+[.eE]/;
export const mayHoldFractions = (text: string): boolean => fractional.test(text) || beginsWithNumber(text);

/** Whether a text may hold half a surrogate pair, which JSON.parse takes anywhere and Jackson not in field names. */
export const mayHoldHalfPairs = (text: string): boolean =>
  text.includes('\\u') && /\\u[dD][89a-fA-F]/.test(text);

/** A text that is a number is looked at closely: searching for a beginning would slow down all the others. */
const beginsWithNumber = (text: string): boolean => /^[-\d]/.test(text);

/**
 * JSON.parse, but exact: integers beyond 2^53 become bigint, or whatever `number` makes of the literals a plain
 * number would not be exact for. Text without such numbers goes to JSON.parse itself. Throws a SyntaxError, also for
 * what is beyond Jackson's limits.
 */
export function parseExact(text: string, number: NumberHook = exactInteger): unknown {
  const plain = parsePlain(text);
  if (plain !== undefined) return plain;
  const reader = new JsonReader(text, { number });
  const value = reader.value();
  if (!reader.atEnd())
    throw new SyntaxError(`Unexpected text after the JSON value at index ${reader.position}`);
  return value;
}
