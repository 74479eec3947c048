import { describe, expect, it } from 'vitest';
import { parseProperties } from '../../../../lib/foundation/java/properties.ts';

describe('parseProperties', () => {
  it.each([
    ['key=value', { key: 'value' }],
    ['key = spaced value ', { key: 'spaced value ' }],
    ['key:value', { key: 'value' }],
    ['key value', { key: 'value' }],
    ['key\t:\t=value', { key: '=value' }],
    ['key==value', { key: '=value' }],
    ['key', { key: '' }],
    ['=value', { '': 'value' }],
    ['  \f key=value', { key: 'value' }],
    ['# comment\n ! comment\nkey=#value', { key: '#value' }],
    ['# comment \\\nkey=value', { key: 'value' }],
    ['a=1\r\nb=2\rc=3\n\n', { a: '1', b: '2', c: '3' }],
    ['a=1\na=2', { a: '2' }],
    ['a=one\\\n   two\\\n#three', { a: 'onetwo#three' }],
    ['a=one\\\n\nb=2', { a: 'one', b: '2' }],
    ['a=one\\\\\nb=2', { a: 'one\\', b: '2' }],
    ['a=one\\', { a: 'one' }],
    ['\\\n# comment\nb=2', { b: '2' }],
    ['esc\\ key\\=\\:=v', { 'esc key=:': 'v' }],
    ['a=\\u00e9\\t\\n\\r\\f\\x', { a: 'é\t\n\r\fx' }],
    ['\\u006b=v', { k: 'v' }],
  ])('%j', (text, properties) => {
    expect(Object.fromEntries(parseProperties(text))).toEqual(properties);
  });

  it.each(['a=\\u12', 'a=\\u12g4'])('refuses %j without quoting it (Invariant 8)', (text) => {
    expect(() => parseProperties(text)).toThrow(new SyntaxError('Malformed \\uxxxx encoding.'));
  });
});
