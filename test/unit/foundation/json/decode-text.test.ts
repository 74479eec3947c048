import { describe, expect, it } from 'vitest';
import { decodeJsonText, TextEncodingError } from '../../../../lib/foundation/json/decode-text.ts';

describe('decodeJsonText', () => {
  it.each([
    ['UTF-8', Buffer.from('{"é":1}'), '{"é":1}'],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff[1]'), '[1]'],
    ['UTF-16BE', Buffer.from('{"a":1}', 'utf16le').swap16(), '{"a":1}'],
    ['UTF-16LE', Buffer.from('{"a":1}', 'utf16le'), '{"a":1}'],
    ['UTF-16LE with a byte order mark', Buffer.from('\ufeff[1]', 'utf16le'), '[1]'],
    ['UTF-32BE', Buffer.from([0, 0, 0, 0x35]), '5'],
    ['UTF-32LE', Buffer.from([0x35, 0, 0, 0]), '5'],
    ['a single byte', Buffer.from('5'), '5'],
    ['nothing', new Uint8Array(), ''],
  ])('reads %s', (_name, bytes, text) => {
    expect(decodeJsonText(bytes)).toBe(text);
  });

  it.each([[[0xff, 0xfe]], [[0xef, 0xbb, 0xbf]], [[0x22, 0xc3, 0x28, 0x22]], [[0xc3]]])(
    'refuses the malformed bytes %j',
    (bytes) => {
      expect(() => decodeJsonText(Uint8Array.from(bytes))).toThrow(TextEncodingError);
    },
  );

  it('takes a replacement character that is really in the text', () => {
    expect(decodeJsonText(Buffer.from('"\ufffd"'))).toBe('"\ufffd"');
  });
});
