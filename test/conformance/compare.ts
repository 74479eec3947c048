import { isDeepStrictEqual } from 'node:util';
import { ConnectError } from '../../lib/api/errors.ts';
import { javaParseDouble } from '../../lib/foundation/java/number-parse.ts';
import { floatText } from './codec/encode.ts';
import { dropped, type RecordedError, type Result } from './vector-case.ts';

export type Outcome = { readonly returned: unknown } | { readonly threw: unknown };

/** Null when the outcome is the recorded one, else what differs, for a person. */
export function difference(expected: Result, outcome: Outcome): string | null {
  if ('error' in expected) {
    return 'threw' in outcome
      ? errorDifference(expected.error, outcome.threw)
      : `should fail with ${expected.error.class}: ${expected.error.message}\n  but returned ${show(outcome.returned)}`;
  }
  if ('threw' in outcome)
    return `should return ${show('output' in expected ? expected.output : 'dropped')}\n  but failed: ${showError(outcome.threw)}`;
  const wanted = 'dropped' in expected ? dropped : normalise(expected.output);
  const got = outcome.returned === dropped ? dropped : normalise(outcome.returned);
  return isDeepStrictEqual(wanted, got)
    ? null
    : `should return ${show(wanted)}\n  but returned  ${show(got)}`;
}

/** A portable error is compared by class and message, any other only by being one. */
export function errorDifference(expected: RecordedError, thrown: unknown): string | null {
  if (expected.portable !== true) return null;
  const javaClass = thrown instanceof ConnectError ? thrown.javaClass : 'not a ConnectError';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const isSame = javaClass === expected.class && isSameMessage(expected.message ?? '', message);
  return isSame
    ? null
    : `should fail with ${expected.class}: ${expected.message}\n  but failed: ${showError(thrown)}`;
}

/** Java class names need not be the same, and an object printed by its address cannot be. */
function isSameMessage(expected: string, message: string): boolean {
  const [beforeAddress = '', ...rest] = expected.split(/org\.apache\.[\w.$]+@[0-9a-f]+/);
  return rest.length > 0
    ? message.startsWith(beforeAddress)
    : withoutClassNames(message) === withoutClassNames(expected);
}

const withoutClassNames = (message: string): string =>
  message
    .replace(/\bclass [\w.$[]+|\b(?:java|jdk)\.[\w.$]+/g, '<class>')
    .replace(/\[B@[0-9a-f]+/g, '<bytes>');

/** Maps in one order, floats as numbers read them, identity hashes masked. */
export function normalise(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\[B@[0-9a-f]+/g, '<bytes>');
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normaliseTagged(key, item)]));
}

function normaliseTagged(tag: string, item: unknown): unknown {
  if (tag === 'map' && Array.isArray(item)) return item.map(normalise).toSorted(byText);
  if (tag === 'float32' && typeof item === 'string')
    return floatText(Math.fround(javaParseDouble(item) ?? Number.NaN));
  if (tag === 'float64' && typeof item === 'string') return floatText(javaParseDouble(item) ?? Number.NaN);
  return normalise(item);
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const show = (value: unknown): string =>
  typeof value === 'symbol' ? String(value.description) : JSON.stringify(value);

function showError(error: unknown): string {
  if (error instanceof ConnectError) return `${error.javaClass}: ${error.message}`;
  return error instanceof Error
    ? `${error.name}: ${error.message}\n${error.stack?.split('\n').slice(1, 4).join('\n')}`
    : String(error);
}
