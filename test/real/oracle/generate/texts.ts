import type { Dice } from './dice.ts';

const words = [
  'a',
  'b',
  'id',
  'name',
  'value',
  'x.y',
  'true',
  'null',
  'NaN',
  'schema',
  'payload',
  'type',
  '',
];
const odd = [
  'é',
  'e\u0301',
  '\u0000',
  '\u0001',
  '\u001f',
  '\u007f',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u{1f600}',
  '\ud83d',
  '\ude00',
  '\u0660',
  '\uff15',
  '"',
  '\\',
  '/',
  '\t',
  '\n',
  '\r',
  ' ',
  '<',
  '__proto__',
  'constructor',
  'toString',
];

/** Plain words mostly, sometimes what encoders trip over. */
export function text(dice: Dice): string {
  return dice.oneOf(
    () => dice.pick(words),
    () => dice.pick(words),
    () => dice.some(3, () => dice.pick([...words, ...odd])).join(''),
    () => numberText(dice),
    () => temporalText(dice),
  );
}

/** JavaScript lists names that look like array indexes first, whatever the order they were set in: none of those. */
export function name(dice: Dice): string {
  const chosen = dice.chance(0.9) ? dice.pick(['f', 'g', 'h', 'id', 'ts', 'amount', 'a.b']) : text(dice);
  return /^\d*$/.test(chosen) ? 'n' : chosen;
}

const digits = (dice: Dice, max: number): string =>
  Array.from({ length: dice.int(1, max) }, () => dice.int(0, 9)).join('');

/** Numbers in every form a reader may know, and some it may not. */
export function numberText(dice: Dice): string {
  return dice.oneOf(
    () => dice.pick(edgeNumbers),
    () => `${dice.pick(['', '-', '+', '-', ''])}${digits(dice, dice.pick([2, 4, 9, 20, 40]))}`,
    () => `${dice.pick(['', '-'])}${digits(dice, 3)}.${digits(dice, dice.pick([1, 3, 18]))}`,
    () =>
      `${dice.pick(['', '-'])}${digits(dice, 3)}${dice.pick(['', `.${digits(dice, 4)}`])}${dice.pick(['e', 'E'])}${dice.pick(['', '+', '-'])}${digits(dice, dice.pick([1, 2, 3]))}`,
    () =>
      `${dice.pick(['.', '', '0x', '00'])}${digits(dice, 3)}${dice.pick(['.', 'f', 'd', 'L', 'e', 'p3', '_000', ''])}`,
  );
}

const edgeNumbers = `
  0 -0 -0.0 0.0 00 1 -1 127 128 -128 -129 255 256 32767 32768 -32768 -32769 65535 65536 2147483647
  2147483648 -2147483648 -2147483649 4294967296 9007199254740991 9007199254740992 9007199254740993
  9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
  18446744073709551616 1e3 1E3 1e-3 9.999e-4 1e7 9999999.0 1.0E7 1e21 1e22 1e23 2e-3 1e400 1e-400
  4.9e-324 5e-324 2.2250738585072014E-308 1.7976931348623157e308 3.4028235e38 3.4028236e38 1.4e-45
  7e-46 1.17549435E-38 0.1 0.30000000000000004 1.10 16777217 NaN Infinity -Infinity +5 .5 5. 1_000
  1,000 1e 1e+ --1 1.2.3 0x10 1.0 100.00 1e0 123456789012345678 0.000001 0.0000001
  123456789.123456789 ٣ １２
`
  .trim()
  .split(/\s+/);

/** Dates, times and timestamps, right and nearly right. */
export function temporalText(dice: Dice): string {
  const two = (max: number): string => String(dice.int(0, max)).padStart(2, '0');
  const date = `${dice.pick(['1970', '2024', '0001', '9999', String(dice.int(1, 12000))])}-${two(13)}-${two(32)}`;
  const time = `${two(25)}:${two(61)}:${two(61)}${dice.pick(['.', '.', ''])}${dice.pick(['000', '123', '5', '1234', ''])}`;
  const zone = dice.pick(['Z', 'Z', '', '+00:00', 'UTC']);
  return dice.oneOf(
    () => date,
    () => `${time}${zone}`,
    () => `${date}T${time}${zone}`,
    () => `${date} ${time}`,
  );
}

export const bytes = (dice: Dice): string =>
  Buffer.from(
    dice.chance(0.3)
      ? text(dice)
      : Uint8Array.from(dice.some(9, () => dice.pick([0, 1, 0x7f, 0x80, 0xff, 0xc3, 0x28, 65]))),
  ).toString('base64');
