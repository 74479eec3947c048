/**
 * As Jackson writes: hexadecimal digits in upper case, and characters beyond the first 65,536 as two escapes. The bytes
 * of a key decide its partition, and those of an offset's key what replaces it.
 */
export const jacksonEscapes = (json: string): string =>
  /\\u|[\ud800-\udfff]/.test(json)
    ? json.replace(/\\(?:u[\da-f]{4}|.)|[\ud800-\udfff]/g, (found) => {
        if (found.length === 2) return found;
        return `\\u${(found.length === 1 ? found.charCodeAt(0).toString(16) : found.slice(2)).toUpperCase()}`;
      })
    : json;

/** What Jackson writes as an escape. */
const escaped = /["\\\0-\x1f\ud800-\udfff]/;

/** A text in quotes. Most needs no escape, and in one that does the look mostly ends soon. */
export const quoteText = (text: string): string =>
  escaped.test(text) ? jacksonEscapes(JSON.stringify(text)) : `"${text}"`;
