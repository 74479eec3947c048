/** A pattern Java refuses; the message has Java's wording and shape. */
export class JavaRegexError extends Error {
  override readonly name = 'JavaRegexError';
  constructor(description: string, pattern: string, index: number) {
    const where = index >= 0 ? ` near index ${index}` : '';
    const caret = index >= 0 && index < pattern.length ? `\n${' '.repeat(index)}^` : '';
    super(`${description}${where}\n${pattern}${caret}`);
  }
}

/** A pattern being read, one code point at a time; '' is the end. */
export class RegexSource {
  readonly pattern: string;
  readonly #chars: readonly string[];
  /** Comments mode, `(?x)`: white space and `#…` mean nothing. */
  comments = false;
  cursor = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
    this.#chars = [...pattern];
  }

  get length(): number {
    return this.#chars.length;
  }

  /** The next character that means something, without taking it. */
  peek(ahead = 0): string {
    if (this.comments && ahead === 0) this.#skipComments();
    return this.#chars[this.cursor + ahead] ?? '';
  }

  take(): string {
    const char = this.peek();
    this.cursor++;
    return char;
  }

  /** The next character, white space included; '' is an error of the caller's choice. */
  takeRaw(): string {
    return this.#chars[this.cursor++] ?? '';
  }

  skipIf(text: string): boolean {
    if (this.comments) this.#skipComments();
    const found = [...text].every((char, i) => this.#chars[this.cursor + i] === char);
    if (found) this.cursor += text.length;
    return found;
  }

  /** Everything up to `end`, which is taken too; undefined when it never comes. */
  takeUntil(end: string): string | undefined {
    let text = '';
    for (let char = this.takeRaw(); char !== ''; char = this.takeRaw()) {
      text += char;
      if (text.endsWith(end)) return text.slice(0, -end.length);
    }
    return undefined;
  }

  /** As many characters matching `allowed` as there are, at most `max`. */
  takeWhile(allowed: RegExp, max: number): string {
    let text = '';
    while (text.length < max && allowed.test(this.#chars[this.cursor] ?? '')) text += this.takeRaw();
    return text;
  }

  error(description: string, index: number = this.cursor - 1): JavaRegexError {
    return new JavaRegexError(description, this.pattern, index);
  }

  #skipComments(): void {
    for (;;) {
      const char = this.#chars[this.cursor];
      if (char === '#') {
        while (this.cursor < this.length && !/[\n\r\x85\u2028\u2029]/.test(this.#chars[this.cursor] ?? ''))
          this.cursor++;
      } else if (char !== undefined && /[ \t\n\v\f\r]/.test(char)) {
        this.cursor++;
      } else {
        return;
      }
    }
  }
}
