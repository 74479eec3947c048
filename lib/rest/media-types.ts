const json = 'application/json';

interface MediaRange {
  /** Lower case, without parameters. */
  readonly type: string;
  readonly parameters: readonly string[];
}

const rangesOf = (header: string): MediaRange[] =>
  header.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    return { type: type.toLowerCase(), parameters: parameters.filter((each) => !/^q=/i.test(each)) };
  });

/** The content type of the answer by what the client accepts; null when it accepts no JSON. */
export function acceptedType(accept: string | undefined): string | null {
  if (accept === undefined || accept.trim() === '') return json;
  const range = rangesOf(accept).find(({ type }) => [json, 'application/*', '*/*'].includes(type));
  if (range === undefined) return null;
  return range.type === json ? [json, ...range.parameters].join(';') : json;
}

/**
 * What a body says it is. `unsaid` (no header, or only a range of types) reaches the resource in Connect, which then
 * cannot read it; another type is refused before that.
 */
export function bodyType(contentType: string | undefined): 'json' | 'unsaid' | 'other' {
  const type = contentType === undefined ? '*/*' : rangesOf(contentType)[0]?.type;
  if (type === json) return 'json';
  return type === '*/*' || type === 'application/*' ? 'unsaid' : 'other';
}
