import { javaParseDouble, javaParseInteger } from '../../foundation/java/number-parse.ts';
import { javaTrim } from '../../foundation/java/text.ts';
import type { ConfigType, ParseOptions } from './config-key.ts';
import { invalid } from './invalid.ts';
import { Password } from './password.ts';

/**
 * Reads one value as ConfigDef does: trimmed, strict about numbers and booleans. Null stays null; a value of the
 * right type already (a default) is taken as it is. A LONG beyond the safe integers is a bigint. Throws a ConfigError.
 */
export function parseType(
  name: string,
  value: unknown,
  type: ConfigType,
  options: ParseOptions = {},
): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string')
    return type === 'LIST' && Array.isArray(value) ? [...(value as unknown[])] : value;
  const text = javaTrim(value);
  switch (type) {
    case 'BOOLEAN':
      return parseBoolean(name, value, text);
    case 'STRING':
      return text;
    case 'PASSWORD':
      return new Password(text);
    case 'LIST':
      return parseList(text);
    case 'CLASS':
      // The message has the name as it was given, while the class is looked for without the space around it.
      if (options.isKnownClass?.(text) === false)
        throw invalid(name, value, `Class ${value} could not be found.`);
      return text;
    default: {
      const number = type === 'DOUBLE' ? javaParseDouble(text) : parseInteger(text, type);
      if (number === null) throw invalid(name, value, `Not a number of type ${type}`);
      return number;
    }
  }
}

/** A LIST: split at commas, space around them dropped, empty elements kept; empty text is the empty list. */
export const parseList = (text: string): string[] =>
  text === '' ? [] : text.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/);

function parseBoolean(name: string, value: string, text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  throw invalid(name, value, 'Expected value to be either true or false');
}

const bits = { SHORT: 16, INT: 32, LONG: 64 } as const;

function parseInteger(text: string, type: keyof typeof bits): number | bigint | null {
  const integer = javaParseInteger(text, bits[type]);
  if (integer === null) return null;
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}
