/** Bytes that are not text in the encoding they seem to have. */
export class TextEncodingError extends Error {
  override readonly name = 'TextEncodingError';
}

/**
 * The text of a JSON document in the encoding its first bytes tell, as RFC 4627 has it and Jackson does: UTF-8
 * unless a byte order mark or zero bytes say UTF-16 or UTF-32. Throws a TextEncodingError.
 */
export function decodeJsonText(bytes: Uint8Array): string {
  // By index: destructuring goes through an iterator, which costs as much as parsing a small record.
  const a = bytes[0] ?? 1;
  const b = bytes[1] ?? 1;
  // All but a sliver of texts start with two ASCII characters.
  if (bytes.length < 2 || (a !== 0 && b !== 0 && a < 0x80)) return decodeUtf8(bytes);
  const c = bytes[2] ?? 1;
  if (bytes.length === 3 && a === 0xef && b === 0xbb && c === 0xbf)
    throw new TextEncodingError('A byte order mark and nothing behind it');
  const d = bytes[3] ?? 1;
  if (bytes.length >= 4) {
    if (a === 0 && b === 0) return decodeUtf32(c === 0xfe && d === 0xff ? bytes.subarray(4) : bytes, false);
    if (a === 0xff && b === 0xfe)
      return c === 0 && d === 0 ? decodeUtf32(bytes.subarray(4), true) : decodeUtf16(bytes.subarray(2), true);
    if (a === 0xfe && b === 0xff) return decodeUtf16(bytes.subarray(2), false);
    if (b === 0 && c === 0 && d === 0) return decodeUtf32(bytes, true);
  }
  if (a === 0) return decodeUtf16(bytes, false);
  return b === 0 ? decodeUtf16(bytes, true) : decodeUtf8(bytes);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Strict UTF-8; a byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string {
  // What the Kafka client hands on is a Buffer: no view has to be made for it.
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8');
  // Only a text with a replacement character or a byte order mark needs the slower decoder.
  if (!text.includes('\ufffd') && text.charCodeAt(0) !== 0xfeff) return text;
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    throw new TextEncodingError('Invalid UTF-8', { cause: error });
  }
}

const decodeUtf16 = (bytes: Uint8Array, littleEndian: boolean): string => {
  if (bytes.length % 2 !== 0) throw new TextEncodingError('UTF-16 text with an odd number of bytes');
  const copy = Buffer.from(bytes);
  return (littleEndian ? copy : copy.swap16()).toString('utf16le');
};

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  if (bytes.length % 4 !== 0)
    throw new TextEncodingError('UTF-32 text whose length is not a multiple of four');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = '';
  for (let i = 0; i < bytes.length; i += 4) {
    const code = view.getUint32(i, littleEndian);
    if (code > 0x10ffff) throw new TextEncodingError('Invalid UTF-32 character');
    text += String.fromCodePoint(code);
  }
  return text;
}
