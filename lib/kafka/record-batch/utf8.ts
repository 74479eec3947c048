/**
 * Names of headers are short and mostly ASCII, and written with each record: up to this many characters a loop is
 * done before a call into Node's native code has begun.
 */
const shortText = 32;

/** Bytes of `text` in UTF-8. */
export function utf8Length(text: string): number {
  if (text.length > shortText) return Buffer.byteLength(text);
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return Buffer.byteLength(text);
  }
  return text.length;
}

/** Writes `text` in UTF-8 and answers the position behind. `utf8Length` bytes must be free. */
export function writeUtf8(bytes: Buffer, start: number, text: string): number {
  if (text.length > shortText) return start + bytes.write(text, start, 'utf8');
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127) return start + bytes.write(text, start, 'utf8');
    bytes[start + index] = code;
  }
  return start + text.length;
}
