export type PatternItem = { readonly literal: string } | { readonly letter: string; readonly count: number };

const letters = 'GyMdkHmsSEDFwWahKzZYuXL';

/** The items of a SimpleDateFormat pattern. Throws a RangeError where Java throws an IllegalArgumentException. */
export function parseDatePattern(pattern: string): PatternItem[] {
  const items: PatternItem[] = [];
  for (let i = 0; i < pattern.length; ) {
    const char = pattern.charAt(i);
    if (char === "'") {
      const { text, end } = quoted(pattern, i + 1);
      items.push({ literal: text });
      i = end;
    } else if (/[a-zA-Z]/.test(char)) {
      if (!letters.includes(char)) throw new RangeError(`Illegal pattern character '${char}'`);
      const start = i;
      while (pattern.charAt(i) === char) i++;
      if (char === 'X' && i - start > 3) throw new RangeError(`invalid ISO 8601 format: length=${i - start}`);
      items.push({ letter: char, count: i - start });
    } else {
      items.push({ literal: char });
      i++;
    }
  }
  return items;
}

/** From behind the opening quote; two quotes are one, and nothing between them is a quote as well. */
function quoted(pattern: string, start: number): { text: string; end: number } {
  if (pattern.charAt(start) === "'") return { text: "'", end: start + 1 };
  let text = '';
  for (let i = start; i < pattern.length; i++) {
    if (pattern.charAt(i) !== "'") text += pattern.charAt(i);
    else if (pattern.charAt(i + 1) === "'") text += pattern.charAt(i++);
    else return { text, end: i + 1 };
  }
  throw new RangeError('Unterminated quote');
}
