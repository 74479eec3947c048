import { describe, expect, it } from 'vitest';
import { compileJavaRegex } from '../../../../lib/foundation/java/regex.ts';

describe('a Java regular expression', () => {
  it.each([
    ['a.*', 'abc', true],
    ['a.*', 'xabc', false],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['[a-z&&[^bc]]', 'b', false],
    ['[a-z&&[^bc]]', 'd', true],
    ['[a-c[x-z]]+', 'axz', true],
    ['[^]]', 'x', true],
    ['(?i)abc|def', 'DEF', true],
    ['a(?i)b|c', 'C', true],
    ['a(?i:b)c', 'aBc', true],
    ['a(?i:b)c', 'aBC', false],
    ['a++b', 'aaab', true],
    ['(?>a*)a', 'aaa', false],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['\\p{Alpha}+\\p{Punct}', 'abC!', true],
    ['\\p{IsLatin}\\p{Lu}', 'éA', true],
    ['\\p{javaLowerCase}', 'a', true],
    ['(a)(b)?\\1', 'aa', true],
    ['(?<n>a)\\k<n>', 'aa', true],
    ['x{2,3}', 'xxxx', false],
    ['(?x) a b # comment', 'ab', true],
    ['\\d', '٣', false],
    ['orders-[\\w.-]+', 'orders-eu.v1_x', true],
    ['a$', 'a', true],
    ['\\u0061\\x62\\0143\\t', 'abc\t', true],
    ['(?<!b)a', 'a', true],
  ])('%s on %j: %s', (pattern, text, matches) => {
    expect(compileJavaRegex(pattern).matches(text)).toBe(matches);
  });

  it.each([
    ['[', 'Unclosed character class near index 0\n[\n^'],
    ['(', 'Unclosed group near index 1\n('],
    ['*', "Dangling meta character '*' near index 0\n*\n^"],
    ['a)', "Unmatched closing ')' near index 0\na)\n^"],
    ['a{,2}', 'Illegal repetition near index 2\na{,2}\n  ^'],
    ['[a-', 'Illegal character range near index 3\n[a-'],
    ['\\y', 'Illegal/unsupported escape sequence near index 1\n\\y\n ^'],
    ['[z-a]', 'Illegal character range near index 3\n[z-a]\n   ^'],
  ])('refuses %s as Java does', (pattern, message) => {
    expect(() => compileJavaRegex(pattern)).toThrow(
      expect.objectContaining({ name: 'JavaRegexError', message }),
    );
  });

  it.each([
    ['(.*)-(.*)', 'a-b', '$2_$1', 'b_a'],
    ['(?<x>.)', 'ab', '${x}${x}\\$', 'aa$b'],
    ['(a)', 'a', '$12', 'a2'],
    ['b', 'a', '$9', 'a'],
  ])('replaces the first match of %s in %s by %s', (pattern, text, replacement, result) => {
    expect(compileJavaRegex(pattern).replaceFirst(text, replacement)).toBe(result);
  });

  it.each([
    ['$9', 'No group 9'],
    ['$', 'Illegal group reference: group index is missing'],
    ['\\', 'character to be escaped is missing'],
    ['${y}', 'No group with name {y}'],
    ['$x', 'Illegal group reference'],
  ])('refuses the replacement %s', (replacement, message) => {
    expect(() => compileJavaRegex('(a)').replaceFirst('a', replacement)).toThrow(message);
  });
});
