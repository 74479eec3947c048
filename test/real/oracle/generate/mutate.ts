import type { Dice } from './dice.ts';
import { numberText, text } from './texts.ts';

/**
 * JSON like the one given but in about one leaf of `rate`. Names of types and the like are kept, so that the result
 * is mostly still a case.
 */
export function mutate(dice: Dice, json: unknown, rate: number): unknown {
  if (Array.isArray(json)) {
    const items = (json as unknown[]).map((item) => mutate(dice, item, rate));
    return items.length > 2 && dice.chance(1 / rate / 4)
      ? items.toSpliced(dice.int(0, items.length - 1), 1)
      : items;
  }
  if (typeof json === 'object' && json !== null) {
    return Object.fromEntries(
      Object.entries(json).map(([key, item]) => [
        key,
        keep.has(key) ? item : mutateMember(dice, key, item, rate),
      ]),
    );
  }
  return dice.chance(1 / rate) ? leaf(dice, json) : json;
}

const keep = new Set([
  'type',
  'optional',
  'scale',
  'unscaled',
  'recordType',
  'timestampType',
  'offset',
  'name',
]);

function mutateMember(dice: Dice, key: string, item: unknown, rate: number): unknown {
  if (!dice.chance(1 / rate)) return typeof item === 'object' ? mutate(dice, item, rate) : item;
  switch (key) {
    case 'int8':
      return dice.int(-128, 127);
    case 'int16':
      return dice.int(-32768, 32767);
    case 'int32':
      return dice.int(-(2 ** 31), 2 ** 31 - 1);
    case 'int64':
    case 'date':
      return String(dice.int(-1e13, 1e13));
    case 'float32':
    case 'float64':
      return String(dice.int(-1e9, 1e9) / 1000);
    case 'string':
      return text(dice);
    default:
      return typeof item === 'object' ? mutate(dice, item, rate) : item;
  }
}

function leaf(dice: Dice, json: unknown): unknown {
  switch (typeof json) {
    case 'string':
      return dice.oneOf(
        () => text(dice),
        () => numberText(dice),
        () => splice(dice, json),
      );
    case 'boolean':
      return !json;
    case 'number':
      return dice.int(-3, 300);
    default:
      return json;
  }
}

/** The text with a character less, more or twice. */
export function splice(dice: Dice, json: string): string {
  const at = dice.int(0, json.length);
  return (
    json.slice(0, at) +
    dice.pick(['', ' ', ',', ':', '.', '*', '`', '\\', 'a', '1', '$', '(', '-']) +
    json.slice(at + dice.int(0, 1))
  );
}
