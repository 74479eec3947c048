/** Jackson's StreamReadConstraints, which bound what Kafka Connect reads: nesting, and characters of each token. */
export const jsonLimits = { depth: 1000, number: 1000, name: 50_000, string: 20_000_000 } as const;

const [quote, backslash] = [0x22, 0x5c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

const longNumber = new RegExp(`\\d[\\d.eE+-]{${jsonLimits.number}}`);

/**
 * Whether a text may go beyond these limits, which JSON.parse does not know. A yes is for JsonReader to decide on, a
 * no is never wrong. Nearly all texts are too short or have too few brackets; only the others are looked through.
 * `depth`: how deep the text itself stands.
 */
export function mayExceedLimits(text: string, depth = 0): boolean {
  if (text.length > jsonLimits.number && longNumber.test(text)) return true;
  // What nests so deep is closed as often.
  if (text.length + depth <= 2 * jsonLimits.depth) return false;
  if (text.length <= jsonLimits.name && !hasMoreBrackets(text, jsonLimits.depth - depth)) return false;
  return exceeds(text, depth);
}

function hasMoreBrackets(text: string, limit: number): boolean {
  let count = 0;
  for (const bracket of ['[', '{']) {
    for (let i = text.indexOf(bracket); i >= 0; i = text.indexOf(bracket, i + 1))
      if (++count > limit) return true;
  }
  return false;
}

function exceeds(text: string, depth: number): boolean {
  let level = depth;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === quote) {
      const start = i++;
      for (
        let inside = text.charCodeAt(i);
        i < text.length && inside !== quote;
        inside = text.charCodeAt(++i)
      )
        if (inside === backslash) i++;
      if (i - start > jsonLimits.name) return true;
    } else if (char === openObject || char === openArray) {
      if (++level > jsonLimits.depth) return true;
    } else if (char === closeObject || char === closeArray) level--;
  }
  return false;
}
