import { readClass } from './regex-class.ts';
import { readEscape } from './regex-escape.ts';
import { RegexSource } from './regex-source.ts';

export interface TranslatedRegex {
  /** For `new RegExp(source, 'v')`; Java's group n is the named group `gn`. */
  readonly source: string;
  readonly groupCount: number;
  /** Named group → its number. */
  readonly groupNames: ReadonlyMap<string, number>;
}

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly d: boolean;
  readonly x: boolean;
}

const noFlags: Flags = { i: false, m: false, s: false, d: false, x: false };
const terminators = '\\n\\r\\x85\\u2028\\u2029';

/** java.util.regex syntax, rewritten for JavaScript. Throws a JavaRegexError where Java would. */
export function translateJavaRegex(pattern: string): TranslatedRegex {
  return new RegexTranslator(pattern).translate();
}

class RegexTranslator {
  readonly #source: RegexSource;
  readonly #names = new Map<string, number>();
  #groups = 0;
  #atomics = 0;
  #flags = noFlags;

  constructor(pattern: string) {
    this.#source = new RegexSource(pattern);
  }

  translate(): TranslatedRegex {
    const source = this.#alternatives();
    if (this.#source.peek() === ')') throw this.#source.error("Unmatched closing ')'");
    return { source, groupCount: this.#groups, groupNames: this.#names };
  }

  /** Up to the end or a closing parenthesis. Flags set inside end with it: `(?i)` opens a group that closes here. */
  #alternatives(): string {
    const before = this.#flags;
    let text = '';
    let open = 0;
    for (;;) {
      const char = this.#source.peek();
      if (char === '' || char === ')') break;
      if (char === '|') {
        // A JavaScript group opened by an inline flag must not swallow the alternative.
        text += `${')'.repeat(open)}|`;
        open = 0;
        this.#source.take();
        if (this.#flags.i !== before.i) {
          text += this.#flags.i ? '(?i:' : '(?-i:';
          open = 1;
        }
      } else {
        const ignoredCase = this.#flags.i;
        const atom = this.#atom();
        text += this.#quantified(atom);
        if (this.#flags.i !== ignoredCase) {
          text += this.#flags.i ? '(?i:' : '(?-i:';
          open++;
        }
      }
    }
    this.#setFlags(before);
    return text + ')'.repeat(open);
  }

  #atom(): string {
    const source = this.#source;
    const char = source.peek();
    switch (char) {
      case '(':
        source.take();
        return this.#group();
      case '[':
        source.take();
        return readClass(source);
      case '\\':
        source.take();
        return this.#escape();
      case '.':
        source.take();
        return this.#flags.s ? '[^]' : this.#flags.d ? '[^\\n]' : `[^${terminators}]`;
      case '^':
        source.take();
        return this.#flags.m ? `(?<=^|[${terminators}])(?!$)` : '^';
      case '$':
        source.take();
        return this.#flags.m ? `(?=[${terminators}]|$)` : this.#endOfInput();
      case '*':
      case '+':
      case '?':
        throw source.error(`Dangling meta character '${char}'`, source.cursor);
      case '{':
        // Java repeats the empty text before it: a{1}{2} matches one a.
        return '';
      default:
        return literal(source.take());
    }
  }

  /** Before the last line terminator, or at the very end. */
  #endOfInput(): string {
    return this.#flags.d ? '(?=\\n?$)' : `(?=(?:(?<!\\r)\\n|\\r\\n|[\\r\\x85\\u2028\\u2029])?$)`;
  }

  #group(): string {
    const source = this.#source;
    if (source.peek() !== '?') return this.#closed(`(?<g${++this.#groups}>`);
    source.take();
    for (const opening of ['=', '!', ':', '<=', '<!']) {
      if (source.skipIf(opening)) return this.#closed(`(?${opening}`);
    }
    if (source.skipIf('>')) return this.#atomic(this.#closed('(?:'));
    if (source.skipIf('<')) {
      const name = source.takeUntil('>');
      if (name === undefined || !/^[a-zA-Z][a-zA-Z0-9]*$/.test(name)) {
        throw source.error("named capturing group is missing trailing '>'");
      }
      if (this.#names.has(name)) throw source.error(`Named capturing group <${name}> is already defined`);
      this.#names.set(name, ++this.#groups);
      return this.#closed(`(?<g${this.#groups}>`);
    }
    return this.#inlineFlags();
  }

  #closed(opening: string): string {
    const body = this.#alternatives();
    if (this.#source.peek() !== ')') throw this.#source.error('Unclosed group', this.#source.length);
    this.#source.take();
    return `${opening}${body})`;
  }

  /** `(?i)` for the rest of the group around it, `(?i-s:…)` for its own. */
  #inlineFlags(): string {
    const before = this.#flags;
    let flags = before;
    let on = true;
    for (;;) {
      const char = this.#source.takeRaw();
      if (char === ')') {
        this.#setFlags(flags);
        return '';
      }
      if (char === ':') break;
      if (char === '-' && on) on = false;
      else if (/^[imsdx]$/.test(char)) flags = { ...flags, [char]: on };
      // u and U widen what i and the predefined classes cover; JavaScript's v flag already folds Unicode case.
      else if (char !== 'u' && char !== 'U') throw this.#source.error('Unknown inline modifier');
    }
    this.#setFlags(flags);
    const body = this.#closed(flags.i === before.i ? '(?:' : flags.i ? '(?i:' : '(?-i:');
    this.#setFlags(before);
    return body;
  }

  #setFlags(flags: Flags): void {
    this.#flags = flags;
    this.#source.comments = flags.x;
  }

  #escape(): string {
    const source = this.#source;
    const char = source.peek();
    if (char === '') throw source.error('Unescaped trailing backslash', source.cursor);
    if (source.skipIf('Q'))
      return literalRun(source.takeUntil('\\E') ?? source.takeWhile(/[^]/, source.length));
    if (/^[1-9]$/.test(char)) return this.#backReference();
    if (source.skipIf('k')) return this.#namedReference();
    const anchor = {
      A: '^',
      z: '$',
      Z: this.#endOfInput(),
      G: '^',
      b: '\\b',
      B: '\\B',
      R: `(?:\\r\\n|[${terminators}\\v\\f])`,
      X: '(?:\\P{M}\\p{M}*)',
    }[char];
    if (anchor !== undefined) {
      source.take();
      return anchor;
    }
    const escape = readEscape(source);
    if (escape === undefined) throw source.error('Illegal/unsupported escape sequence', source.cursor);
    return 'set' in escape ? escape.set : literal(escape.char);
  }

  /** As many digits as make the number of a group that was opened before. */
  #backReference(): string {
    let number = Number(this.#source.takeRaw());
    while (/^\d$/.test(this.#source.peek()) && number * 10 + Number(this.#source.peek()) <= this.#groups) {
      number = number * 10 + Number(this.#source.takeRaw());
    }
    return number <= this.#groups ? `\\k<g${number}>` : '(?!)';
  }

  #namedReference(): string {
    const name = this.#source.skipIf('<') ? this.#source.takeUntil('>') : undefined;
    if (name === undefined) throw this.#source.error("\\k is not followed by '<' for named capturing group");
    const number = this.#names.get(name);
    if (number === undefined) throw this.#source.error(`named capturing group <${name}> does not exist`);
    return `\\k<g${number}>`;
  }

  #quantified(atom: string): string {
    const quantifier = this.#quantifier();
    if (quantifier === '') return atom;
    const repeated = `(?:${atom})${quantifier}`;
    if (this.#source.skipIf('?')) return `${repeated}?`;
    return this.#source.skipIf('+') ? this.#atomic(repeated) : repeated;
  }

  #quantifier(): string {
    const source = this.#source;
    const char = source.peek();
    if (char === '*' || char === '+' || char === '?') return source.take();
    if (char !== '{') return '';
    if (!/^\d$/.test(source.peek(1))) throw source.error('Illegal repetition', source.cursor + 1);
    source.take();
    const min = source.takeWhile(/^\d$/, Infinity);
    const open = source.skipIf(',');
    const max = open ? source.takeWhile(/^\d$/, Infinity) : min;
    if (!source.skipIf('}')) throw source.error('Unclosed counted closure', source.cursor);
    if (max !== '' && Number(max) < Number(min)) throw source.error('Illegal repetition range');
    return open ? `{${min},${max}}` : `{${min}}`;
  }

  /** JavaScript has no atomic groups; a lookahead is atomic, and a reference takes what it saw. */
  #atomic(body: string): string {
    const name = `a${++this.#atomics}`;
    return `(?:(?=(?<${name}>${body}))\\k<${name}>)`;
  }
}

const literalRun = (text: string): string => (text === '' ? '' : `(?:${[...text].map(literal).join('')})`);

const literal = (char: string): string =>
  /^[\w ]$/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
