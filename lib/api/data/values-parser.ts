import { SimpleDateFormat } from '../../foundation/java/simple-date-format.ts';
import { asciiDigits, javaTrim } from '../../foundation/java/text.ts';
import { DataError } from '../errors.ts';
import { Float32, Int16, Int32, Int8 } from './boxed.ts';
import type { Decimal } from './decimal.ts';
import { EntriesByValue } from './entries-by-value.ts';
import { Instant } from './instant.ts';
import { dateSchema, decimalSchema, timeSchema, timestampSchema } from './logical.ts';
import * as schemas from './schema.ts';
import { fromDouble, fromLong } from './schemaless.ts';
import type { ConnectValue } from './value.ts';
import { alignTo, type CommonSchema, mergeSchema } from './values-merge.ts';
import { parseDecimal } from './values-numbers.ts';
import { TokenCursor } from './values-tokens.ts';

/** A value with the schema inferred for it; numbers in it say their own type, as without a schema. */
export interface Parsed {
  readonly schema: schemas.Schema | null;
  readonly value: ConnectValue;
}

const nothing: Parsed = { schema: null, value: null };

/**
 * Text as the value it looks like: null, a boolean, a number of the smallest type, a date, time or timestamp, an
 * array or a map of such; anything else is a string, the text itself. Throws a DataError for text that nests too deep.
 */
export const parseText = (text: string): Parsed =>
  text === '' ? { schema: schemas.stringSchema, value: text } : new ValuesParser(text).parse();

/** The text is not the container it began as. It then is a string, so nobody outside sees this error. */
class NotAContainer extends Error {}

/** Java's parser comes to the end of its stack between 1000 and 2000 levels; what it makes of that is no string. */
class NestsTooDeep extends DataError {}
const maxDepth = 1000;

class ValuesParser {
  readonly #text: string;
  readonly #tokens: TokenCursor;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = new TokenCursor(text);
  }

  parse(): Parsed {
    const literal = this.#literal(false);
    if (literal !== undefined) return literal;
    const start = this.#tokens.position;
    try {
      const container = this.#container();
      if (container !== undefined) return container;
    } catch (error) {
      const isString = error instanceof NotAContainer || error instanceof DataError;
      if (!isString || error instanceof NestsTooDeep) throw error;
      // Only here the white space before the container is read again, and is then all there is of the text.
      this.#tokens.position = start;
    }
    const token = this.#tokens.next();
    if (javaTrim(token) === '') return { schema: schemas.stringSchema, value: token };
    return this.#scalar(javaTrim(token)) ?? { schema: schemas.stringSchema, value: this.#text };
  }

  #element(): Parsed {
    if (!this.#tokens.hasNext()) return nothing;
    if (this.#tokens.skipIf('"')) return this.#quoted();
    const found = this.#literal(true) ?? this.#container();
    if (found !== undefined) return found;
    const token = this.#tokens.next();
    if (javaTrim(token) === '') return { schema: schemas.stringSchema, value: token };
    const scalar = this.#scalar(javaTrim(token));
    if (scalar === undefined) throw new NotAContainer('An element is not a value');
    return scalar;
  }

  /** At the top a literal must be all there is. */
  #literal(embedded: boolean): Parsed | undefined {
    const start = this.#tokens.position;
    for (const [name, parsed] of literals) {
      if (this.#tokens.skipIf(name) && (embedded || !this.#tokens.hasNext())) return parsed;
      this.#tokens.position = start;
    }
    return undefined;
  }

  #container(): Parsed | undefined {
    if (this.#tokens.skipIf('[')) return this.#nested(() => this.#array());
    return this.#tokens.skipIf('{') ? this.#nested(() => this.#map()) : undefined;
  }

  #nested(parse: () => Parsed): Parsed {
    if (++this.#depth > maxDepth) throw new NestsTooDeep(`Text nests deeper than ${maxDepth} levels`);
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  #array(): Parsed {
    const elements: ConnectValue[] = [];
    let common: CommonSchema = null;
    while (this.#tokens.hasNext()) {
      if (this.#tokens.skipIf(']')) return arrayOf(elements, common);
      if (this.#tokens.skipIf(',')) break;
      const element = this.#element();
      common = mergeSchema(common, element.schema);
      elements.push(element.value);
      const position = this.#tokens.position;
      if (this.#tokens.skipIf(']')) this.#tokens.position = position;
      else if (!this.#tokens.skipIf(',')) break;
    }
    throw new NotAContainer('Not an array');
  }

  #map(): Parsed {
    const entries = new EntriesByValue();
    let keys: CommonSchema = null;
    let values: CommonSchema = null;
    while (this.#tokens.hasNext()) {
      if (this.#tokens.skipIf('}')) return mapOf(entries.list, keys, values);
      if (this.#tokens.skipIf(',')) break;
      const key = this.#element();
      if (key.value === null || !this.#tokens.skipIf(':')) break;
      const value = this.#element();
      entries.put(key.value, value.value);
      this.#tokens.skipIf(',');
      keys = mergeSchema(keys, key.schema);
      values = mergeSchema(values, value.schema);
    }
    throw new NotAContainer('Not a map');
  }

  /** Up to the next quote. Text that is a date, a time or a timestamp is one; all other text is a string. */
  #quoted(): Parsed {
    let content = '';
    while (this.#tokens.hasNext() && !this.#tokens.skipIf('"')) content += this.#tokens.next();
    return parseTemporal(content) ?? { schema: schemas.stringSchema, value: content };
  }

  #scalar(token: string): Parsed | undefined {
    if (/^\p{Nd}/u.test(token)) {
      const temporal = this.#temporalWithColons(token) ?? parseTemporal(token);
      if (temporal !== undefined) return temporal;
    }
    return /^[\p{Nd}+-]/u.test(token) ? parseNumber(token) : undefined;
  }

  /** Unescaped colons are delimiters: a time is five tokens. */
  #temporalWithColons(token: string): Parsed | undefined {
    const start = this.#tokens.position;
    const rest = this.#tokens.nextText(4);
    const temporal = rest === null ? undefined : parseTemporal(token + rest);
    if (temporal === undefined) this.#tokens.position = start;
    return temporal;
  }
}

const literals: readonly (readonly [string, Parsed])[] = [
  ['null', nothing],
  ['true', { schema: schemas.booleanSchema, value: true }],
  ['false', { schema: schemas.booleanSchema, value: false }],
];

const container = (
  type: 'ARRAY' | 'MAP',
  keySchema: schemas.Schema | null,
  valueSchema: schemas.Schema | null,
): schemas.Schema => new schemas.ConnectSchema({ type, keySchema, valueSchema });

const known = (common: CommonSchema): schemas.Schema | null => (common === 'none' ? null : common);

function arrayOf(elements: readonly ConnectValue[], common: CommonSchema): Parsed {
  const element = known(common);
  const value = element === null ? elements : elements.map((each) => alignTo(element, each));
  return { schema: container('ARRAY', null, element), value };
}

function mapOf(
  entries: readonly (readonly [ConnectValue, ConnectValue])[],
  keys: CommonSchema,
  values: CommonSchema,
): Parsed {
  const keySchema = known(keys);
  const valueSchema = keySchema === null ? null : known(values);
  const aligned = entries.map(
    ([key, value]) =>
      [
        keySchema === null ? key : alignTo(keySchema, key),
        valueSchema === null ? value : alignTo(valueSchema, value),
      ] as const,
  );
  // Keys may be equal only now: 0 and 1e-50 as floats.
  const merged = new EntriesByValue();
  for (const [key, value] of aligned) merged.put(key, value);
  return { schema: container('MAP', keySchema, valueSchema), value: new Map(merged.list) };
}

/** By length, which decides in Connect too. The patterns have no two-digit year, so the time of day does not matter. */
const temporals: ReadonlyMap<number, readonly [schemas.Schema, SimpleDateFormat]> = new Map([
  [10, [dateSchema, new SimpleDateFormat('yyyy-MM-dd', 0)]],
  [13, [timeSchema, new SimpleDateFormat("HH:mm:ss.SSS'Z'", 0)]],
  [24, [timestampSchema, new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", 0)]],
]);

function parseTemporal(token: string): Parsed | undefined {
  const text = token.replaceAll('\\:', ':');
  const [schema, format] = temporals.get(text.length) ?? [];
  const millis = format?.parse(text) ?? null;
  return schema === undefined || millis === null ? undefined : { schema, value: new Instant(millis) };
}

function parseNumber(token: string): Parsed | undefined {
  const decimal = parseDecimal(token);
  if (decimal === null) return undefined;
  const long = exactLong(decimal);
  if (long !== null) return smallestInteger(long);
  const double = Number(asciiDigits(token));
  const float = Math.fround(double);
  if (Number.isFinite(float) && decimal.scale !== 0)
    return { schema: schemas.float32Schema, value: new Float32(float) };
  if (Number.isFinite(double) && decimal.scale !== 0)
    return { schema: schemas.float64Schema, value: fromDouble(double) };
  return { schema: decimalSchema(decimal.scale), value: decimal };
}

/** Null for a fraction and for what does not fit 64 bits; never computes the digits of 1E400. */
function exactLong(decimal: Decimal): bigint | null {
  if (decimal.unscaled === 0n) return 0n;
  const digits = decimal.unscaled.toString().replace('-', '').length;
  if (digits - decimal.scale > 19 || decimal.scale >= digits) return null;
  const value = decimal.toBigInt();
  const isExact = decimal.scale <= 0 || value * 10n ** BigInt(decimal.scale) === decimal.unscaled;
  return isExact && BigInt.asIntN(64, value) === value ? value : null;
}

function smallestInteger(value: bigint): Parsed {
  if (BigInt.asIntN(8, value) === value)
    return { schema: schemas.int8Schema, value: new Int8(Number(value)) };
  if (BigInt.asIntN(16, value) === value)
    return { schema: schemas.int16Schema, value: new Int16(Number(value)) };
  if (BigInt.asIntN(32, value) === value)
    return { schema: schemas.int32Schema, value: new Int32(Number(value)) };
  return { schema: schemas.int64Schema, value: fromLong(value) };
}
