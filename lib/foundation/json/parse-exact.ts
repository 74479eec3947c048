import { exactInteger, type NumberHook } from './json-number.ts';
import { JsonReader } from './json-reader.ts';

/**
 * Whether a text may hold a number JSON.parse would not show as written: an integral decimal (12.0), an exponent,
 * more than 15 digits, -0. It may say yes for text inside a string, which costs time only, and never a wrong no:
 * numbers stand after `:`, `,`, `[`, white space or at the beginning, and a decimal of at most 15 digits that is not
 * integral stays so as a double.
 */
const special = /[:,[\s](?:-0|-?(?:[\d.]{16}|\d+\.0+(?!\d)|[\d.]+[eE]))/;
export const mayHoldSpecialNumbers = (text: string): boolean => special.test(text) || beginsWithNumber(text);

/** Whether a text may hold a number with a point or an exponent. The same reservation. */
const fractional = /[:,[\s]-?\d+[.eE]/;
export const mayHoldFractions = (text: string): boolean => fractional.test(text) || beginsWithNumber(text);

/** Whether a text may hold half a surrogate pair, which JSON.parse takes anywhere and Jackson not in field names. */
export const mayHoldHalfPairs = (text: string): boolean => /\\u[dD][89a-fA-F]/.test(text);

/** A text that is a number is looked at closely: searching for a beginning would slow down all the others. */
const beginsWithNumber = (text: string): boolean => /^[-\d]/.test(text);

/**
 * JSON.parse, but exact: integers beyond 2^53 become bigint, or whatever `number` makes of the literals a plain
 * number would not be exact for. Text without such numbers goes to JSON.parse itself. Throws a SyntaxError.
 */
export function parseExact(text: string, number: NumberHook = exactInteger): unknown {
  if (!mayHoldSpecialNumbers(text)) return JSON.parse(text);
  const reader = new JsonReader(text, { number });
  const value = reader.value();
  if (!reader.atEnd())
    throw new SyntaxError(`Unexpected text after the JSON value at index ${reader.position}`);
  return value;
}
