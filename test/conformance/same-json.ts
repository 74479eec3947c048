import { isDeepStrictEqual } from 'node:util';
import { JsonReader } from '../../lib/foundation/json/json-reader.ts';
import { JsonNumber } from '../../lib/foundation/json/json-number.ts';

/** Equal token by token, number literals included; the order of keys is not compared, and maps have none. */
export const isSameJson = (a: string, b: string): boolean => isDeepStrictEqual(parse(a), parse(b));

function parse(text: string): unknown {
  return new JsonReader(text, { number: (literal) => new JsonNumber(literal) }).value();
}
