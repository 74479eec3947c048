import { describe, expect, it } from 'vitest';
import { findCharset } from '../../../../lib/foundation/java/charset.ts';
import { javaHashCode, javaHashOrder } from '../../../../lib/foundation/java/hash-order.ts';
import { asciiDigits, javaTrim } from '../../../../lib/foundation/java/text.ts';

describe('a Java character set', () => {
  it.each([
    ['UTF-8', 'é☃a', 'c3a9e2988361'],
    ['utf8', '\ud800a', '3f61'],
    ['UTF-16', 'éa', 'feff00e90061'],
    ['UTF-16LE', 'éa', 'e9006100'],
    ['ISO-8859-1', 'é☃a', 'e93f61'],
    ['US-ASCII', 'éa', '3f61'],
    ['UTF-16LE', '\ud800a', 'fdff6100'],
    ['windows-1252', '€a', '8061'],
    ['windows-1252', '\u0081\ufffd', '3f3f'],
  ])('%s writes %s', (name, text, hex) => {
    expect(Buffer.from(findCharset(name)?.encode(text) ?? []).toString('hex')).toBe(hex);
  });

  it.each([
    ['UTF-8', 'fffe', '\ufffd\ufffd'],
    ['UTF-8', 'eda080', '\ufffd'],
    ['UTF-8', '67dfeda7ecf421', 'g\ufffd\ufffd\ufffd\ufffd!'],
    ['UTF-8', 'eda0', '\ufffd'],
    ['UTF-16', 'fffe6100', 'a'],
    ['UTF-16LE', '2cdbdb0a77d8b204', '\ufffd\ufffd'],
    ['UTF-16BE', 'd83dde00fffe00e9dc00', '\u{1f600}\ufffd\u00e9\ufffd'],
    ['UTF-16BE', '006100', 'a\ufffd'],
    ['UTF-16LE', '00d861', '\ufffd'],
    ['UTF-16', '0061', 'a'],
    ['US-ASCII', 'c361', '\ufffda'],
    ['windows-1252', '8081', '€\ufffd'],
  ])('%s reads %s', (name, hex, text) => {
    expect(findCharset(name)?.decode(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it.each(['bogus', ''])('does not know %j', (name) => {
    expect(findCharset(name)).toBeUndefined();
  });
});

describe('Java text', () => {
  it('trims control characters and keeps other white space', () => {
    expect(javaTrim(' \t\u0001a\u00a0 ')).toBe('a\u00a0');
  });

  it('reads the digits of any script', () => {
    expect(asciiDigits('٣x３')).toBe('3x3');
  });

  it('hashes strings as Java does', () => {
    expect(javaHashCode('hello')).toBe(99162322);
    expect(javaHashOrder(['REQUESTED', 'REQUIRED'])).toEqual(['REQUIRED', 'REQUESTED']);
  });
});
