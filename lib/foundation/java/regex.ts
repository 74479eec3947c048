import { translateJavaRegex } from './regex-translator.ts';

export { JavaRegexError } from './regex-source.ts';

/** A compiled java.util.regex.Pattern. */
export class JavaRegex {
  readonly pattern: string;
  readonly #whole: RegExp;
  readonly #find: RegExp;
  readonly #groupCount: number;
  readonly #groupNames: ReadonlyMap<string, number>;

  constructor(pattern: string) {
    const { source, groupCount, groupNames } = translateJavaRegex(pattern);
    this.pattern = pattern;
    this.#find = new RegExp(source, 'v');
    this.#whole = new RegExp(`^(?:${source})$`, 'v');
    this.#groupCount = groupCount;
    this.#groupNames = groupNames;
  }

  /** Whether the whole text matches. */
  matches(text: string): boolean {
    return this.#whole.test(text);
  }

  /**
   * Matcher.replaceFirst: `$1`, `${name}` and `\` in `replacement` as in Java. Throws a RangeError for a group there
   * is none of, and a TypeError for a replacement Java calls illegal, when there is something to replace.
   */
  replaceFirst(text: string, replacement: string): string {
    const match = this.#find.exec(text);
    if (match === null) return text;
    return (
      text.slice(0, match.index) +
      this.#expand(replacement, match) +
      text.slice(match.index + match[0].length)
    );
  }

  #expand(replacement: string, match: RegExpExecArray): string {
    let text = '';
    for (let i = 0; i < replacement.length; i++) {
      const char = replacement.charAt(i);
      if (char === '\\') {
        if (++i === replacement.length) throw new TypeError('character to be escaped is missing');
        text += replacement.charAt(i);
      } else if (char === '$') {
        const reference = this.#reference(replacement.slice(i + 1));
        text += reference.group === 0 ? match[0] : (match.groups?.[`g${reference.group}`] ?? '');
        i += reference.length;
      } else {
        text += char;
      }
    }
    return text;
  }

  /** What follows a `$`: `{name}`, or as many digits as make the number of a group. */
  #reference(text: string): { group: number; length: number } {
    if (text === '') throw new TypeError('Illegal group reference: group index is missing');
    const name = /^\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(text)?.[1];
    if (name !== undefined) {
      const group = this.#groupNames.get(name);
      if (group === undefined) throw new TypeError(`No group with name {${name}}`);
      return { group, length: name.length + 2 };
    }
    if (!/^\d/.test(text)) throw new TypeError('Illegal group reference');
    let group = Number(text.charAt(0));
    if (group > this.#groupCount) throw new RangeError(`No group ${group}`);
    let length = 1;
    while (/\d/.test(text.charAt(length)) && group * 10 + Number(text.charAt(length)) <= this.#groupCount) {
      group = group * 10 + Number(text.charAt(length++));
    }
    return { group, length };
  }
}

/** Throws a JavaRegexError with Java's message for a pattern Java refuses. */
export const compileJavaRegex = (pattern: string): JavaRegex => new JavaRegex(pattern);
