import { readEscape } from './regex-escape.ts';
import type { RegexSource } from './regex-source.ts';

/**
 * Reads a Java character class, the opening bracket taken already, and returns it for JavaScript's v flag, which
 * has nested classes and intersections too but asks that each side of one be a class: `[a-z&&[^m]]` becomes
 * `[[a-z]&&[[^m]]]`.
 */
export function readClass(source: RegexSource): string {
  const negated = source.skipIf('^') ? '^' : '';
  const operands: string[] = [];
  let union = '';
  for (let first = true; ; first = false) {
    const char = source.peek();
    if (char === '') throw source.error('Unclosed character class', source.length - 1);
    if (char === ']' && (!first || operands.length > 0)) {
      source.take();
      break;
    }
    if (char === '&' && source.peek(1) === '&') {
      source.cursor += 2;
      while (source.skipIf('&&'));
      if (union !== '') operands.push(union);
      union = '';
    } else {
      union += readItem(source);
    }
  }
  if (operands.length === 0) return `[${negated}${union}]`;
  if (union !== '') operands.push(union);
  return `[${negated}${operands.map((operand) => `[${operand}]`).join('&&')}]`;
}

/** A nested class, a set, a character or a range. */
function readItem(source: RegexSource): string {
  if (source.skipIf('[')) return readClass(source);
  if (source.skipIf('\\Q'))
    return [...(source.takeUntil('\\E') ?? source.takeWhile(/[^]/, source.length))].map(classChar).join('');
  const from = readClassAtom(source);
  if ('set' in from) return from.set;
  if (source.peek() !== '-' || source.peek(1) === ']' || source.peek(1) === '[') return classChar(from.char);
  source.take();
  // Java finds the end of the pattern to be a character before all others.
  if (source.peek() === '') throw source.error('Illegal character range', source.cursor);
  const to = readClassAtom(source);
  if ('set' in to) return `${classChar(from.char)}\\-${to.set}`;
  if ((to.char.codePointAt(0) ?? 0) < (from.char.codePointAt(0) ?? 0))
    throw source.error('Illegal character range');
  return `${classChar(from.char)}-${classChar(to.char)}`;
}

function readClassAtom(source: RegexSource): { readonly char: string } | { readonly set: string } {
  const char = source.take();
  if (char === '') throw source.error('Unclosed character class', source.length - 1);
  if (char !== '\\') return { char };
  const escape = readEscape(source);
  if (escape === undefined) throw source.error('Illegal/unsupported escape sequence', source.cursor);
  return escape;
}

/** Any character as it can stand in a class: everything but letters, digits and `_` as its code. */
function classChar(char: string): string {
  return /^\w$/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
