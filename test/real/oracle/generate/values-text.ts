import type { Dice } from './dice.ts';
import { numberText, temporalText, text } from './texts.ts';

const space = (dice: Dice): string =>
  dice.chance(0.85) ? '' : dice.pick([' ', '  ', '\t', '\n', '\u00a0', '\u0001']);

/** Text for Values.parseString: containers, literals, numbers and dates, and text that only begins like one. */
export function valuesText(dice: Dice): string {
  const whole = `${space(dice)}${element(dice, 3)}${space(dice)}`;
  return dice.chance(0.8) ? whole : damage(dice, whole);
}

function element(dice: Dice, depth: number): string {
  if (depth > 0 && dice.chance(0.5)) {
    const pad = (part: string): string => `${space(dice)}${part}${space(dice)}`;
    if (dice.chance(0.5)) {
      const kind = dice.chance(0.6) ? scalarKind(dice) : undefined;
      return `[${dice.some(4, () => pad(kind === undefined ? element(dice, depth - 1) : kind())).join(',')}]`;
    }
    const [keys, values] = [keyKind(dice), dice.chance(0.6) ? scalarKind(dice) : undefined];
    const entry = (): string =>
      `${pad(keys())}:${pad(values === undefined ? element(dice, depth - 1) : values())}`;
    return `{${dice.some(4, entry).join(dice.chance(0.95) ? ',' : ' ')}}`;
  }
  return scalarKind(dice)();
}

/** JavaScript maps have one zero: no keys so small that all that is left of them is a sign. */
function keyKind(dice: Dice): () => string {
  const kind = scalarKind(dice);
  return () => kind().replace(/[eE]-\d{2,}/, 'e-2');
}

/** One kind of scalars, so that elements often share a type. */
function scalarKind(dice: Dice): () => string {
  return dice.pick<() => string>([
    () => quoted(dice, text(dice)),
    () => quoted(dice, temporalText(dice)),
    () => escapedColons(dice, temporalText(dice)),
    () => numberText(dice),
    () => String(dice.int(-200, 200)),
    () => `${dice.int(-9, 9)}.${dice.int(0, 99)}`,
    () => dice.pick(['true', 'false', 'null', 'TRUE', 'Null', 'true ', 'nulls']),
    () => text(dice),
  ]);
}

function quoted(dice: Dice, content: string): string {
  const escaped = dice.chance(0.8) ? content.replace(/[\\"]/g, '\\$&') : content;
  return `"${escaped}${dice.chance(0.97) ? '"' : ''}`;
}

const escapedColons = (dice: Dice, content: string): string =>
  dice.chance(0.5) ? content.replaceAll(':', '\\:') : content;

function damage(dice: Dice, whole: string): string {
  const at = dice.int(0, whole.length);
  const odd = dice.pick([
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"',
    '\\',
    ' ',
    '0',
    'x',
    '-',
    '\u0660',
    'null',
    'true',
    '[]',
    '{}',
  ]);
  return dice.oneOf(
    () => whole.slice(0, at),
    () => whole.slice(at),
    () => whole.slice(0, at) + odd + whole.slice(at),
    () => whole.slice(0, at) + whole.slice(at + 1),
    () => whole + odd,
  );
}
