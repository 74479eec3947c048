import fc from 'fast-check';

const pieces = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '-',
  '+',
  '.',
  'e',
  '0',
  '9',
  ' ',
  '\0',
  '\\u12',
  'null',
  '\ud800',
  'é',
  '٣',
];

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly piece: string;
}

/** Texts with a few parts removed, replaced or added. */
export const mutated = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(texts, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([text, edits]) => edits.reduce(apply, text));

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat({ max: 1000 }),
  removed: fc.nat({ max: 3 }),
  piece: fc.constantFrom('', ...pieces),
});

function apply(text: string, { at, removed, piece }: Edit): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + piece + text.slice(start + removed);
}
