import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import { DataError } from '../../../lib/api/errors.ts';
import { jsonConverter } from '../../../lib/converters/json-converter.ts';
import { JsonReader, JsonSyntaxError } from '../../../lib/foundation/json/json-reader.ts';
import { parseExact } from '../../../lib/foundation/json/parse-exact.ts';
import { fuzzOptions } from '../../fuzz-options.ts';
import { mutated } from './mutated.ts';

const schemaless = jsonConverter.create({ 'schemas.enable': 'false' }, false);
const enveloped = jsonConverter.create({}, false);
const read = (text: string): unknown => new JsonReader(text, { number: Number }).value();

/** What a document may end in: a value, or the one error its users know. Anything else is thrown on. */
function outcome(work: () => unknown, expected: abstract new (...args: never[]) => Error): 'value' | 'error' {
  try {
    work();
    return 'value';
  } catch (error) {
    if (error instanceof expected) return 'error';
    throw error;
  }
}

const times = (text: string, count: number): string => text.repeat(count);
const envelope = (payload: string): string => `{"schema":null,"payload":${payload}}`;

describe('JSON that is not as it should be', () => {
  it('ends in a value or an error of its own, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const converter of [schemaless, enveloped])
          expect(['value', 'error']).toContain(outcome(() => converter.toConnectData('t', bytes), DataError));
      }),
      fuzzOptions(500),
    );
  });

  it('ends so as well where a good document was damaged', () => {
    const documents = fc.oneof(fc.json(), fc.json().map(envelope));
    fc.assert(
      fc.property(mutated(documents), (text) => {
        const outcomes = [
          outcome(() => read(text), JsonSyntaxError),
          outcome(() => parseExact(text), SyntaxError),
          ...[schemaless, enveloped].map((converter) =>
            outcome(() => converter.toConnectData('t', Buffer.from(text)), DataError),
          ),
        ];
        expect(outcomes).not.toContain(undefined);
      }),
      fuzzOptions(500),
    );
  });

  it('is read as JSON.parse reads it where it is as it should be', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        expect(read(text)).toEqual(withoutNegativeZeros(JSON.parse(text)));
      }),
      fuzzOptions(500),
    );
  });

  it.each([
    ['arrays never closed', times('[', 100_000)],
    ['objects never closed', times('{"a":', 100_000)],
    ['braces', times('{', 100_000)],
    ['arrays', times('[', 100_000) + times(']', 100_000)],
    ['arrays around a number', `${times('[', 100_000)}1.0${times(']', 100_000)}`],
    ['objects', `${times('{"a":', 100_000)}1${times('}', 100_000)}`],
    ['an envelope of objects', envelope(`${times('{"a":', 100_000)}1${times('}', 100_000)}`)],
    ['1001 levels', times('[', 1001) + times(']', 1001)],
    ['1001 levels behind a bracket in a text', `["]",${times('[', 1000)}${times(']', 1001)}`],
    ['1001 digits', times('9', 1001)],
    ['1001 digits with a point', `0.${times('9', 1000)}`],
    ['a name of 50,001 characters', `{"${times('a', 50_001)}":1}`],
    ['a text of 20,000,001 characters', `"${times('a', 20_000_001)}"`],
    ['backslashes without an end', `"${times('\\', 200_000)}`],
    ['numbers in a list without an end', `[${times('1.0,', 100_000)}`],
    ['digits and points', `[${times('1', 100_000)}${times('.', 100_000)}`],
    ['white space and then something else', `[1.0${times(' ', 200_000)}x`],
  ])('is refused with a DataError for %s', (_what, text) => {
    for (const converter of [schemaless, enveloped])
      expect(() => converter.toConnectData('t', Buffer.from(text))).toThrow(DataError);
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });

  it.each([
    ['1000 levels', times('[', 1000) + times(']', 1000)],
    ['1000 levels of objects', `${times('{"a":', 1000)}1.0${times('}', 1000)}`],
    ['many brackets side by side', `[${Array.from({ length: 3000 }, () => '[1]').join()}]`],
    ['brackets in a text', JSON.stringify(times('[{\\"', 3000))],
    ['1000 digits', times('9', 1000)],
    ['1000 digits with a sign and a point', `-0.${times('9', 999)}`],
    ['leading zeros in an exponent', '1e00000000000002'],
    ['a name of 50,000 characters', `{"${times('a', 50_000)}":1}`],
    ['a text of 20,000,000 characters', `"${times('a', 20_000_000)}"`],
    ['escapes', `"${times('\\n', 200_000)}"`],
  ])('has room for %s, as Jackson has', (_what, text) => {
    expect(outcome(() => schemaless.toConnectData('t', Buffer.from(text)), DataError)).toBe('value');
  });

  it.each([
    ['large', '1e2147483648'],
    ['large by itself', '0.1e2147483648'],
    ['small', '[1e-2147483648]'],
    ['long', `1e${times('1', 998)}`],
  ])('is refused with a DataError for an exponent too %s for a BigDecimal', (_what, text) => {
    for (const document of [text, envelope(text)])
      for (const converter of [schemaless, enveloped])
        expect(() => converter.toConnectData('t', Buffer.from(document))).toThrow(DataError);
  });

  it('counts the envelope as a level whether its schema is known or new', () => {
    const schema = '{"type":"array","items":{"type":"int8"},"optional":true}';
    const message = (payload: string) => Buffer.from(`{"schema":${schema},"payload":${payload}}`);
    const tooDeep = message(times('[', 1000) + times(']', 1000));
    const first = jsonConverter.create({}, false);

    expect(() => first.toConnectData('t', tooDeep)).toThrow('serialization error');
    first.toConnectData('t', message('[1]'));
    expect(() => first.toConnectData('t', tooDeep)).toThrow('serialization error');
  });

  it('reads bytes of many megabytes, and refuses what is no base64', () => {
    const bytes = SchemaBuilder.bytes().build();
    const text = (payload: string) => Buffer.from(`{"schema":{"type":"bytes"},"payload":"${payload}"}`);

    expect(enveloped.toConnectData('t', text(`${times('AAAA', 2_000_000)}AAA=`))).toEqual({
      schema: bytes,
      value: Buffer.alloc(6_000_002),
    });
    for (const wrong of [
      `${times('AAAA', 50_000)}*`,
      `${times(' ', 200_000)}*`,
      `${times('AAAA ', 50_000)}A`,
    ])
      expect(() => enveloped.toConnectData('t', text(wrong))).toThrow('Invalid bytes field');
  });
});

/** JSON.parse keeps a -0, which is an integer and has no sign. */
const withoutNegativeZeros = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
