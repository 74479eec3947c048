import type { RegexSource } from './regex-source.ts';

/** An escape as what stands inside a JavaScript class (`[…]` with the v flag): a character or a set of them. */
export type Escape = { readonly char: string } | { readonly set: string };

const space = ' \\t\\n\\v\\f\\r';
const horizontal = ' \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000';
const vertical = '\\n\\v\\f\\r\\x85\\u2028\\u2029';

/** Predefined classes mean ASCII in Java, white space included. */
const sets: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[a-zA-Z0-9_]',
  W: '[^a-zA-Z0-9_]',
  s: `[${space}]`,
  S: `[^${space}]`,
  h: `[${horizontal}]`,
  H: `[^${horizontal}]`,
  v: `[${vertical}]`,
  V: `[^${vertical}]`,
};

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** Reads what follows a backslash, in a class or outside; undefined: nothing of the kind, and nothing was taken. */
export function readEscape(source: RegexSource): Escape | undefined {
  const char = source.peek();
  const set = sets[char];
  const control = controls[char];
  const isLiteral = !/^[a-zA-Z0-9]?$/.test(char);
  if (set === undefined && control === undefined && !isLiteral && !/^[pP0xuc]$/.test(char)) return undefined;
  source.takeRaw();
  if (set !== undefined) return { set };
  if (control !== undefined) return { char: String.fromCodePoint(control) };
  switch (char) {
    case 'p':
    case 'P':
      return { set: readProperty(source, char === 'P') };
    case '0':
      return { char: readOctal(source) };
    case 'x':
      return { char: readHex(source) };
    case 'u':
      return { char: readUnicode(source) };
    case 'c':
      return { char: readControl(source) };
    default:
      return { char };
  }
}

function readControl(source: RegexSource): string {
  const char = source.takeRaw();
  if (char === '') throw source.error('Illegal control escape sequence');
  return String.fromCodePoint((char.codePointAt(0) ?? 0) ^ 64);
}

function readOctal(source: RegexSource): string {
  const max = /[0-3]/.test(source.peek()) ? 3 : 2;
  const digits = source.takeWhile(/^[0-7]$/, max);
  if (digits === '') throw source.error('Illegal octal escape sequence', source.cursor);
  return String.fromCodePoint(Number.parseInt(digits, 8));
}

function readHex(source: RegexSource): string {
  const braced = source.peek() === '{';
  if (braced) source.takeRaw();
  const digits = source.takeWhile(/^[0-9a-fA-F]$/, braced ? 8 : 2);
  const code = Number.parseInt(digits, 16);
  if (braced) {
    if (source.takeRaw() !== '}') throw source.error('Unclosed hexadecimal escape sequence');
    if (!(code <= 0x10ffff)) throw source.error('Hexadecimal codepoint is too big');
  } else if (digits.length !== 2) {
    throw source.error('Illegal hexadecimal escape sequence', source.cursor);
  }
  return String.fromCodePoint(code);
}

/** Two escapes that make a surrogate pair are one character. */
function readUnicode(source: RegexSource): string {
  const unit = readFourDigits(source);
  const isHigh = unit >= 0xd800 && unit < 0xdc00;
  if (!isHigh || source.peek() !== '\\' || source.peek(1) !== 'u') return String.fromCharCode(unit);
  source.cursor += 2;
  return String.fromCharCode(unit, readFourDigits(source));
}

function readFourDigits(source: RegexSource): number {
  const digits = source.takeWhile(/^[0-9a-fA-F]$/, 4);
  if (digits.length !== 4) throw source.error('Illegal Unicode escape sequence', source.cursor);
  return Number.parseInt(digits, 16);
}

/** Names whose meaning differs from the Unicode property of that name, or that only Java has. */
const properties: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\0-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\0-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: space,
  L1: '\\0-\\xff',
  LD: '\\p{L}\\p{Nd}',
  all: '\\0-\\u{10ffff}',
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaTitleCase: '\\p{Lt}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaIdeographic: '\\p{Ideographic}',
  javaDigit: '\\p{Nd}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaSpaceChar: '\\p{Z}',
  javaWhitespace: '\\t-\\r\\x1c-\\x20\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000',
  javaISOControl: '\\0-\\x1f\\x7f-\\x9f',
};

/** Upper-cased name → the Unicode property, for Java's `\p{IsXxx}`, which ignores case. */
const binary: Readonly<Record<string, string>> = {
  ALPHABETIC: 'Alphabetic',
  IDEOGRAPHIC: 'Ideographic',
  LETTER: 'L',
  LOWERCASE: 'Lowercase',
  UPPERCASE: 'Uppercase',
  TITLECASE: 'Lt',
  WHITE_SPACE: 'White_Space',
  WHITESPACE: 'White_Space',
  CONTROL: 'Cc',
  PUNCTUATION: 'P',
  HEX_DIGIT: 'Hex_Digit',
  HEXDIGIT: 'Hex_Digit',
  ASSIGNED: 'Assigned',
  DIGIT: 'Nd',
  EMOJI: 'Emoji',
};

function readProperty(source: RegexSource, negated: boolean): string {
  const braced = source.peek() === '{';
  const start = source.cursor;
  const name = braced ? source.takeUntil('}')?.slice(1) : source.takeRaw();
  if (name === undefined) throw source.error('Unclosed character family', source.length - 1);
  if (name === '') throw source.error('Empty character family', start);
  const set = properties[name] ?? unicodeProperty(name);
  if (set === undefined) throw source.error(`Unknown character property name {${name}}`);
  return negated ? `[^${set}]` : `[${set}]`;
}

function unicodeProperty(name: string): string | undefined {
  const [key = '', value] = name.split('=', 2);
  const candidates =
    value === undefined
      ? [`\\p{${key}}`, ...(key.startsWith('Is') ? isProperty(key.slice(2)) : [])]
      : /^(sc|script)$/i.test(key)
        ? [`\\p{sc=${titleCase(value)}}`]
        : /^(gc|general_category)$/i.test(key)
          ? [`\\p{gc=${value}}`]
          : [];
  return candidates.find(isValidSet);
}

const isProperty = (name: string): string[] => [
  ...(binary[name.toUpperCase()] === undefined ? [] : [`\\p{${binary[name.toUpperCase()]}}`]),
  `\\p{gc=${name}}`,
  `\\p{sc=${titleCase(name)}}`,
];

const titleCase = (name: string): string =>
  name.toLowerCase().replace(/(^|_)[a-z]/g, (start) => start.toUpperCase());

function isValidSet(set: string): boolean {
  try {
    return new RegExp(set, 'v').unicodeSets;
  } catch {
    // Asking the engine is the only way to know which property names it has.
    return false;
  }
}
