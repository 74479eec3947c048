import { TextDecoder } from 'node:util';

/** A java.nio.charset.Charset. */
export interface Charset {
  /** What the character set lacks becomes `?`. */
  encode(text: string): Uint8Array;
  /** Malformed input becomes U+FFFD. */
  decode(bytes: Uint8Array): string;
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** Java writes `?` for half a surrogate pair, in UTF-16 U+FFFD. */
export const wellFormed = (text: string): string =>
  text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '?');

export const utf8: Charset = {
  encode: (text) => Buffer.from(wellFormed(text), 'utf8'),
  decode: (bytes) => {
    const text = bufferOf(bytes).toString('utf8');
    return text.includes('\ufffd') ? decodeMalformed(bytes) : text;
  },
};

/** Three bytes that stand for half a surrogate pair are one U+FFFD in Java, and three where browsers set the rule. */
function decodeMalformed(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  for (let i = 0; i + 1 < bytes.length; i++) {
    if (bytes[i] !== 0xed || ((bytes[i + 1] ?? 0) & 0xe0) !== 0xa0) continue;
    text += `${bufferOf(bytes.subarray(start, i)).toString('utf8')}\ufffd`;
    start = i + (((bytes[i + 2] ?? 0) & 0xc0) === 0x80 ? 3 : 2);
    i = start - 1;
  }
  return text + bufferOf(bytes.subarray(start)).toString('utf8');
}

/**
 * Half a surrogate pair becomes U+FFFD as in browsers, but a first half takes what follows it with it; so does a byte
 * order mark the wrong way round, and a byte too many.
 */
function decodeUtf16(bytes: Buffer, length = bytes.length): string {
  const text = bytes.toString('utf16le');
  const isCut = length % 2 === 1;
  const decoded = text.replace(
    /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udbff][\s\S]?|[\udc00-\udfff\ufffe]/g,
    (found) => (found.length === 2 && found.isWellFormed() ? found : '\ufffd'),
  );
  const lacksHalf = isCut && /[\ud800-\udbff]$/.test(text);
  return isCut && !lacksHalf ? `${decoded}\ufffd` : decoded;
}

const utf16le: Charset = {
  encode: (text) => Buffer.from(text.toWellFormed(), 'utf16le'),
  decode: (bytes) => decodeUtf16(bufferOf(bytes)),
};

const utf16be: Charset = {
  encode: (text) => Buffer.from(text.toWellFormed(), 'utf16le').swap16(),
  decode: (bytes) => decodeUtf16(Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16(), bytes.length),
};

/** Written big-endian with a byte order mark; read as the mark says, big-endian without one. */
const utf16: Charset = {
  encode: (text) => (text === '' ? new Uint8Array() : utf16be.encode(`\ufeff${text}`)),
  decode: (bytes) => {
    const [first, second] = bytes;
    if (first === 0xff && second === 0xfe) return utf16le.decode(bytes.subarray(2));
    return utf16be.decode(first === 0xfe && second === 0xff ? bytes.subarray(2) : bytes);
  },
};

const upTo = (limit: number): Charset => ({
  encode: (text) =>
    Uint8Array.from([...text], (char) => ((char.codePointAt(0) ?? 0) < limit ? char.charCodeAt(0) : 0x3f)),
  decode: (bytes) => {
    const text = bufferOf(bytes).toString('latin1');
    return limit === 0x100 ? text : text.replace(/[^\0-\x7f]/g, '\ufffd');
  },
});

const known: ReadonlyMap<string, Charset> = new Map([
  ['UTF-8', utf8],
  ['UTF8', utf8],
  ['UTF-16', utf16],
  ['UTF_16', utf16],
  ['UTF16', utf16],
  ['UTF-16BE', utf16be],
  ['UTF_16BE', utf16be],
  ['UTF-16LE', utf16le],
  ['UTF_16LE', utf16le],
  ['US-ASCII', upTo(0x80)],
  ['ASCII', upTo(0x80)],
  ['ISO-8859-1', upTo(0x100)],
  ['ISO8859_1', upTo(0x100)],
  ['LATIN1', upTo(0x100)],
]);

/** By its Java name or a common alias, in any case; undefined where there is no such character set. */
export const findCharset = (name: string): Charset | undefined =>
  known.get(name.toUpperCase()) ?? singleByteCharset(name);

/** Windows and ISO code pages: what one byte means is asked of the decoder, and turned round for writing. */
function singleByteCharset(name: string): Charset | undefined {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(name);
  } catch {
    // A RangeError is how the platform says it does not know the name.
    return undefined;
  }
  // Java's Windows code pages have holes where browsers put control characters.
  const holes = /^(?:windows|cp)/i.test(name) ? /[\x80-\x9f]/g : /(?!)/g;
  const decode = (input: Uint8Array): string => decoder.decode(input).replace(holes, '\ufffd');
  const chars = Array.from({ length: 256 }, (_, byte) => decode(Uint8Array.of(byte)));
  if (chars.some((char) => char.length !== 1) || chars[0xe9] === '\ufffd') return undefined;
  const bytes = new Map(chars.map((char, byte) => [char, byte]));
  bytes.delete('\ufffd');
  return {
    encode: (text) => Uint8Array.from([...text], (char) => bytes.get(char) ?? 0x3f),
    decode,
  };
}
