import { setOwn } from '../set-own.ts';
import { jsonLimits } from './json-limits.ts';
import type { NumberHook } from './json-number.ts';

/** What is wrong with a JSON text, and where (index of the UTF-16 unit). */
export class JsonSyntaxError extends SyntaxError {
  override readonly name = 'JsonSyntaxError';
  readonly index: number;
  constructor(what: string, index: number) {
    super(`${what} at index ${index}`);
    this.index = index;
  }
}

export interface JsonReaderOptions {
  /** Called for every number that is not an integer of at most 15 digits. */
  readonly number: NumberHook;
  /** Jackson's setting in Kafka Connect: `007` is 7. */
  readonly leadingZeros?: boolean;
  /** Jackson's rule for UTF-8: half a surrogate pair, which only an escape can write, is no part of a field name. */
  readonly wellFormedNames?: boolean;
}

const space = /[ \t\n\r]*/y;
const plainText = /[^"\\\0-\x1f]*/y;
const number = /-?(\d+)(\.\d+)?([eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const literals: readonly (readonly [string, unknown])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * Reads JSON values one after the other and keeps what JSON.parse loses: number literals, and where a value ends.
 * Objects are plain objects; of two equal keys the last one counts.
 */
export class JsonReader {
  readonly #text: string;
  readonly #number: NumberHook;
  readonly #leadingZeros: boolean;
  readonly #wellFormedNames: boolean;
  #depth = 0;
  /** Index of the next character to read. */
  position = 0;

  constructor(text: string, options: JsonReaderOptions) {
    this.#text = text;
    this.#number = options.number;
    this.#leadingZeros = options.leadingZeros ?? false;
    this.#wellFormedNames = options.wellFormedNames ?? false;
  }

  /** Whether only white space is left. */
  atEnd(): boolean {
    this.#skipSpace();
    return this.position >= this.#text.length;
  }

  /** The next value; `position` is then just behind it. Throws a JsonSyntaxError. */
  value(): unknown {
    this.#skipSpace();
    const char = this.#text[this.position];
    switch (char) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string(jsonLimits.string);
      default:
        return char === '-' || (char !== undefined && char >= '0' && char <= '9')
          ? this.#numeral()
          : this.#literal();
    }
  }

  /** An object's members, one callback each, the reader standing before the value; the callback must read it. */
  members(onMember: (key: string) => void): void {
    this.#expect('{');
    this.#enter();
    if (!this.#skip('}')) {
      do {
        this.#skipSpace();
        if (this.#text[this.position] !== '"') throw this.#unexpected('a field name');
        const key = this.#string(jsonLimits.name);
        if (this.#wellFormedNames && !key.isWellFormed())
          throw new JsonSyntaxError('Broken surrogate pair in a field name', this.position);
        this.#expect(':');
        onMember(key);
      } while (this.#skip(','));
      this.#expect('}');
    }
    this.#depth--;
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.members((key) => setOwn(object, key, this.value()));
    return object;
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    this.position++;
    this.#enter();
    if (!this.#skip(']')) {
      do array.push(this.value());
      while (this.#skip(','));
      this.#expect(']');
    }
    this.#depth--;
    return array;
  }

  #string(limit: number): string {
    let text = '';
    const start = this.position++;
    for (;;) {
      text += this.#match(plainText)?.[0] ?? '';
      const char = this.#text[this.position];
      if (char === '"') {
        this.position++;
        if (text.length > limit) throw new JsonSyntaxError(`String of more than ${limit} characters`, start);
        return text;
      }
      if (char !== '\\') throw this.#unexpected('the end of the string');
      this.position++;
      text += this.#escape();
    }
  }

  #escape(): string {
    const char = this.#text[this.position] ?? '';
    const simple = escapes[char];
    const hex = this.#text.slice(this.position + 1, this.position + 5);
    if (simple === undefined && (char !== 'u' || !/^[\da-fA-F]{4}$/.test(hex)))
      throw this.#unexpected('an escape');
    this.position += simple === undefined ? 5 : 1;
    return simple ?? String.fromCharCode(Number.parseInt(hex, 16));
  }

  #numeral(): unknown {
    const start = this.position;
    const match = this.#match(number);
    const next = this.#text[this.position] ?? '';
    const integer = match?.[1] ?? '';
    const hasLeadingZero = integer.length > 1 && integer.startsWith('0');
    const isCut = /[\d.eE]/.test(next) || (this.#depth === 0 && !/^[ \t\n\r]?$/.test(next));
    if (match === undefined || isCut || (hasLeadingZero && !this.#leadingZeros))
      throw this.#unexpected('a number');
    if (match[0].length > jsonLimits.number && match[0].replace(/\D/g, '').length > jsonLimits.number)
      throw new JsonSyntaxError(`Number of more than ${jsonLimits.number} digits`, start);
    const literal = hasLeadingZero ? match[0].replace(/^(-?)0+(?=\d)/, '$1') : match[0];
    const isPlain = match[2] === undefined && match[3] === undefined && literal.length <= 15;
    // Adding 0 turns -0 into 0, as it is an integer.
    return isPlain ? Number(literal) + 0 : this.#number(literal);
  }

  #literal(): unknown {
    for (const [name, value] of literals) {
      if (this.#text.startsWith(name, this.position)) {
        const next = this.#text[this.position + name.length] ?? '';
        if (/[\w$]|[^\0-\x7f]/.test(next)) break;
        this.position += name.length;
        return value;
      }
    }
    throw this.#unexpected('a value');
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.position = pattern.lastIndex;
    return match;
  }

  #skipSpace(): void {
    const code = this.#text.charCodeAt(this.position);
    if (code <= 0x20) this.#match(space);
  }

  #skip(char: string): boolean {
    this.#skipSpace();
    if (this.#text[this.position] !== char) return false;
    this.position++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#skip(char)) throw this.#unexpected(`"${char}"`);
  }

  #enter(): void {
    // This also keeps the recursion off the end of the stack.
    if (++this.#depth > jsonLimits.depth)
      throw new JsonSyntaxError(`Nesting deeper than ${jsonLimits.depth}`, this.position);
  }

  #unexpected(wanted: string): JsonSyntaxError {
    const found = this.#text[this.position];
    const what =
      found === undefined ? 'Unexpected end of input' : `Unexpected character ${JSON.stringify(found)}`;
    return new JsonSyntaxError(`${what} where ${wanted} was expected`, this.position);
  }
}
