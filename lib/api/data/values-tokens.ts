import { javaTrim } from '../../foundation/java/text.ts';

const delimiters = ':,{}[]"';

/** Delimiters, and the runs of text between them; a backslash takes what follows into the run. */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  let start = 0;
  let escaped = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (!escaped && delimiters.includes(char)) {
      if (start < i) tokens.push(text.slice(start, i));
      tokens.push(char);
      start = i + 1;
    }
    escaped = char === '\\' && !escaped;
  }
  if (start < text.length) tokens.push(text.slice(start));
  return tokens;
}

const isBlank = (token: string): boolean => javaTrim(token) === '';

/** A place in a list of tokens. */
export class TokenCursor {
  readonly #tokens: readonly string[];
  position = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  hasNext(): boolean {
    return this.position < this.#tokens.length;
  }

  next(): string {
    return this.#tokens[this.position++] ?? '';
  }

  /** The text of the next `count` tokens, which are taken; null, taking none, when there are fewer. */
  nextText(count: number): string | null {
    if (this.position + count > this.#tokens.length) return null;
    const text = this.#tokens.slice(this.position, this.position + count).join('');
    this.position += count;
    return text;
  }

  /** Takes the next token if it is `expected` but for white space. Blank tokens before it are skipped either way. */
  skipIf(expected: string): boolean {
    while (isBlank(this.#tokens[this.position] ?? '') && this.position + 1 < this.#tokens.length)
      this.position++;
    if (!this.hasNext() || javaTrim(this.#tokens[this.position] ?? '') !== expected) return false;
    this.position++;
    return true;
  }
}
