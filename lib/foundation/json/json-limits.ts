/** Jackson's StreamReadConstraints, which bound what Kafka Connect reads: nesting, and characters of each token. */
export const jsonLimits = { depth: 1000, number: 1000, name: 50_000, string: 20_000_000 } as const;

const [quote, backslash] = [0x22, 0x5c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Whether a text may go beyond these limits, which JSON.parse does not know. A yes is for JsonReader to decide on, a
 * no is never wrong. Nearly all texts are too short or have too few brackets; only the others are looked through.
 * `depth`: how deep the text itself stands.
 */
export function mayExceedLimits(text: string, depth = 0): boolean {
  if (hasLongNumber(text)) return true;
  // What nests so deep is closed as often.
  if (text.length + depth <= 2 * jsonLimits.depth) return false;
  if (text.length <= jsonLimits.name && !hasMoreBrackets(text, jsonLimits.depth - depth)) return false;
  return exceeds(text, depth);
}

/** A number too long covers one of the places that stand a limit apart, so only those are looked at. */
function hasLongNumber(text: string): boolean {
  for (let at = jsonLimits.number - 1; at < text.length; at += jsonLimits.number) {
    let [start, end] = [at, at];
    while (isOfNumber(text.charCodeAt(end))) end++;
    if (end === at) continue;
    while (isOfNumber(text.charCodeAt(start - 1))) start--;
    if (end - start > jsonLimits.number) return true;
  }
  return false;
}

/** Digits and `.eE+-`; false beyond the ends of a text, where the code is NaN. */
const isOfNumber = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  code === 0x2e ||
  code === 0x65 ||
  code === 0x45 ||
  code === 0x2b ||
  code === 0x2d;

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
