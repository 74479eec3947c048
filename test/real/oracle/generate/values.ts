import type { TaggedSchema } from '../../../conformance/codec/decode-schema.ts';
import type { Dice } from './dice.ts';
import { bytes, name, text } from './texts.ts';

const limits = { int8: 7, int16: 15, int32: 31, int64: 63 } as const;
const day = 86_400_000;
const doubles = `
  0.0 -0.0 1.0 -1.5 0.001 9.999E-4 1.0E7 9999999.0 1.0E21 1.0E22 2.0E-3 4.9E-324
  2.2250738585072014E-308 1.7976931348623157E308 0.1 0.30000000000000004 2.0E23 9007199254740991
  9007199254740993 1.0E16 123456789.125 1.234567890123456E-5 8.41E21
`
  .trim()
  .split(/\s+/);
const floats = `
  0.0 -0.0 1.0 0.1 1.4E-45 1.17549435E-38 3.4028235E38 1.0E10 0.001 9.999E-4 1.0E7 16777216 33554432
  8.5899346E9 3.3333333 1.17549E-39
`
  .trim()
  .split(/\s+/);
const specials = ['NaN', 'Infinity', '-Infinity'];

/** A value that may stand under `schema`; with `mistakes`, now and then one that may not. */
export function value(dice: Dice, schema: TaggedSchema, mistakes = 0): unknown {
  if (mistakes > 0 && dice.chance(mistakes)) return schemaless(dice, 0);
  if (schema.optional === true && dice.chance(0.2)) return null;
  if (schema.name?.startsWith('org.apache.kafka.connect.data.')) return logicalValue(dice, schema);
  switch (schema.type) {
    case 'array':
      return { array: dice.some(3, () => value(dice, schema.valueSchema ?? { type: 'string' }, mistakes)) };
    case 'map':
      return { map: entries(dice, schema, mistakes) };
    case 'struct':
      return { struct: (schema.fields ?? []).map((field) => [field.field, value(dice, field, mistakes)]) };
    default:
      return primitive(dice, schema.type);
  }
}

function entries(dice: Dice, schema: TaggedSchema, mistakes = 0): unknown[] {
  const pairs = dice.some(3, () => [
    value(dice, schema.keySchema ?? { type: 'string' }, mistakes),
    value(dice, schema.valueSchema ?? { type: 'string' }, mistakes),
  ]);
  // JavaScript maps have one zero; equal keys are one entry.
  const sound = pairs.filter(([key]) => !isNegativeZero(key));
  return [...new Map(sound.map((pair) => [JSON.stringify(pair[0]), pair])).values()];
}

/** Or what text of it reads back as: Values tries a float first. */
function isNegativeZero(key: unknown): boolean {
  const { float32, float64 } = (key ?? {}) as { float32?: string; float64?: string };
  return [float32, float64].some((each) => Object.is(Math.fround(Number(each)), -0));
}

export function primitive(dice: Dice, type: string): unknown {
  switch (type) {
    case 'int8':
    case 'int16':
    case 'int32':
      return { [type]: Number(integer(dice, limits[type])) };
    case 'int64':
      return { int64: String(integer(dice, limits.int64)) };
    case 'float32':
      return { float32: float(dice, floats) };
    case 'float64':
      return { float64: float(dice, doubles) };
    case 'boolean':
      return { boolean: dice.chance(0.5) };
    case 'string':
      return { string: text(dice) };
    default:
      return { bytes: bytes(dice) };
  }
}

const integer = (dice: Dice, bits: number): bigint => BigInt.asIntN(bits + 1, anyInteger(dice, bits));

function anyInteger(dice: Dice, bits: number): bigint {
  const limit = 2n ** BigInt(bits);
  const [low, high] = [dice.int(-(2 ** 31), 2 ** 31 - 1), dice.int(0, 2 ** 31 - 1)];
  return dice.oneOf(
    () => BigInt(dice.int(-3, 130)),
    () => dice.pick([limit - 1n, -limit, limit - 2n, 0n]),
    () => BigInt(low) * 2n ** 31n + BigInt(high),
    () =>
      BigInt.asIntN(
        bits + 1,
        dice.pick([2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 31n, 86400000n]),
      ),
  );
}

function float(dice: Dice, edges: readonly string[]): string {
  return dice.oneOf(
    () => dice.pick(edges),
    () => dice.pick([...specials, ...edges]),
    () => String(dice.int(-1_000_000, 1_000_000) / dice.pick([1, 10, 1000, 7, 4096])),
    () => fromBits(dice),
    () => `${dice.int(1, 2 ** 31)}${dice.int(0, 2 ** 20)}E${dice.int(-40, 30)}`,
  );
}

/** Beyond what a number counts in milliseconds. */
const far = ['9007199254740993', '9223372036854775807', '-9007199254740993'];

/** Any double at all. */
function fromBits(dice: Dice): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, dice.int(-(2 ** 31), 2 ** 31 - 1));
  view.setInt32(4, dice.int(-(2 ** 31), 2 ** 31 - 1));
  return String(view.getFloat64(0));
}

const instant = (dice: Dice): number =>
  dice.oneOf(
    () => dice.pick([0, 1, -1, day, day - 1, day + 1, -day, 1483425001864, -62135596800000, 253402300799999]),
    () => dice.int(-1e12, 4e12),
    () => dice.int(-20000, 40000) * day,
    () => dice.int(0, day),
  );

export function logicalValue(dice: Dice, schema: TaggedSchema): unknown {
  switch (schema.name?.split('.').at(-1)) {
    case 'Decimal':
      return decimal(dice, Number(schema.parameters?.['scale'] ?? 0));
    case 'Date':
      return { date: String(dice.int(-800000, 3000000) * day) };
    case 'Time':
      return { date: String(dice.int(0, day)) };
    default:
      return { date: dice.chance(0.03) ? dice.pick(far) : String(instant(dice)) };
  }
}

export const decimal = (dice: Dice, scale: number): unknown => ({
  decimal: {
    unscaled: dice.oneOf(
      () => String(dice.int(-1000, 1000)),
      () => dice.pick(['0', '-128', '128', '255', '-32769', '9223372036854775808', '-18446744073709551616']),
      () => `${dice.int(-1e15, 1e15)}${dice.int(0, 1e15)}`,
    ),
    scale,
  },
});

/** A value as it stands without a schema, of any Java class. */
export function schemaless(dice: Dice, depth: number): unknown {
  if (depth > 0 && dice.chance(0.45)) {
    return dice.oneOf<unknown>(
      () => ({ array: dice.some(4, () => schemaless(dice, depth - 1)) }),
      () => ({ map: named(dice, depth) }),
      () => ({
        map: entries(dice, { type: 'map', keySchema: { type: dice.pick(['int32', 'int64']) } }),
      }),
    );
  }
  if (dice.chance(0.1)) return null;
  if (dice.chance(0.05)) return decimal(dice, dice.int(-3, 10));
  if (dice.chance(0.05)) return { date: String(instant(dice)) };
  return primitive(
    dice,
    dice.pick([
      'int8',
      'int16',
      'int32',
      'int64',
      'int64',
      'float32',
      'float64',
      'boolean',
      'string',
      'string',
      'bytes',
    ]),
  );
}

function named(dice: Dice, depth: number): unknown[] {
  const keys = [...new Set(dice.some(4, () => name(dice)))];
  return keys.map((key) => [{ string: key }, schemaless(dice, depth - 1)]);
}
