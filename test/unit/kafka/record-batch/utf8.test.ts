import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Length, writeUtf8 } from '../../../../lib/kafka/record-batch/utf8.ts';
import { fuzzOptions } from '../../../fuzz-options.ts';

const texts = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('', 'é', 'a'.repeat(31) + 'é', '\ud800', 'key\udfff', '\u{1f600}'.repeat(16)),
);

describe('text in UTF-8', () => {
  it('is what Node writes, as long as announced, and nothing beside it is touched', () => {
    fc.assert(
      fc.property(texts, fc.nat(5), (text, start) => {
        const expected = Buffer.from(text);
        const bytes = Buffer.alloc(start + expected.length + 3, 0xaa);
        expect(utf8Length(text)).toBe(expected.length);
        expect(writeUtf8(bytes, start, text)).toBe(start + expected.length);
        const around = [Buffer.alloc(start, 0xaa), expected, Buffer.alloc(3, 0xaa)];
        expect(bytes.equals(Buffer.concat(around))).toBe(true);
      }),
      fuzzOptions(500),
    );
  });
});
