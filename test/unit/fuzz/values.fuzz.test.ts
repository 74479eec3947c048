import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import { convertToString, parseString } from '../../../lib/api/data/values.ts';
import { DataError } from '../../../lib/api/errors.ts';
import { simpleHeaderConverter } from '../../../lib/converters/simple-header-converter.ts';
import { fuzzOptions } from '../../fuzz-options.ts';
import { mutated } from './mutated.ts';

const headers = simpleHeaderConverter.createHeader({});
const sized = (count: number, entry: (i: number) => string): string =>
  `{${Array.from({ length: count }, (_, i) => entry(i)).join()}}`;
const sizeOf = (value: ConnectValue): number => (value instanceof Map ? value.size : -1);

describe('text of headers, whatever it is', () => {
  it('is some value that can be printed', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'[]{}:,"\\ 0123456789+-.eEnultrfas'), maxLength: 40 }),
      mutated(fc.json()),
      mutated(
        fc.constantFrom('2019-08-23T14:34:54.346Z', '[2019-08-23, 14:34:54.346Z]', '{"a":[1,2.5,-3e400]}'),
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { schema, value } = parseString(text);
        const printed = convertToString(schema, value);
        expect(value === null ? printed : typeof printed).toBe(value === null ? null : 'string');
      }),
      fuzzOptions(1000),
    );
  });

  it.each([
    ['brackets never closed', '['.repeat(100_000)],
    ['braces never closed', '{'.repeat(100_000)],
    ['maps never closed', '{"a":'.repeat(100_000)],
    ['brackets', '['.repeat(1001) + ']'.repeat(1001)],
  ])('that nests too deep is refused, for %s: headers have it as bytes', (_what, text) => {
    expect(() => parseString(text)).toThrow(DataError);
    expect(headers.toConnectHeader('t', 'h', Buffer.from(text))).toEqual({
      schema: null,
      value: Buffer.from(text),
    });
  });

  it('may nest 1000 levels deep, as in Java', () => {
    const text = '['.repeat(1000) + ']'.repeat(1000);

    expect(convertToString(null, parseString(text).value)).toBe(text);
  });

  it.each([
    ['quotes', `["${'\\"'.repeat(100_000)}`],
    ['backslashes', `[${'\\'.repeat(200_000)}`],
    ['commas', `[${','.repeat(200_000)}`],
    ['blanks', `[${' '.repeat(200_000)}`],
    ['colons', `[${'1:'.repeat(100_000)}`],
    ['quoted texts in a list without an end', `[${'"a",'.repeat(100_000)}`],
    ['signs', '+'.repeat(200_000)],
  ])('of 200,000 %s is a string', (_what, text) => {
    expect(parseString(text)).toMatchObject({ schema: { type: 'STRING' }, value: text });
  });

  it.each([
    ['texts', (i: number) => `"k${i}":1`],
    ['numbers', (i: number) => `${i}:1`],
    ['lists', (i: number) => `[${i}]:1`],
    ['maps', (i: number) => `{${i}:1}:1`],
  ])('is a map of 60,000 keys that are %s, each found without looking at all others', (_what, entry) => {
    expect(sizeOf(parseString(sized(60_000, entry)).value)).toBe(60_000);
  });

  it('is a map whose equal keys are one, maps in another order among them', () => {
    expect(sizeOf(parseString('{{1:2,3:4}:5,[1]:1,{3:4,1:2}:2,[1]:3}').value)).toBe(2);
  });
});
