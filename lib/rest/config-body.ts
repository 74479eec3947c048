import type { ConfigProps } from '../api/config-def.ts';
import { ConnectError } from '../api/errors.ts';
import { JsonNumber } from '../foundation/json/json-number.ts';
import { JsonReader } from '../foundation/json/json-reader.ts';

/** A body's JSON with numbers beyond doubt. Connect answers 500, not 400, to a body it cannot read. */
export function readJson(body: string | null): unknown {
  const text = (body ?? '').replace(/^\ufeff/, '');
  if (text.trim() === '') throw unreadable('The request has no body');
  const reader = new JsonReader(text, { number: (literal) => new JsonNumber(literal) });
  try {
    const value = reader.value();
    if (reader.atEnd()) return value;
  } catch (error) {
    throw unreadable(
      `The request's body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  throw unreadable(`The request's body goes on after its JSON value at index ${reader.position}`);
}

/** A flat map of keys. Scalars become the text they are written as (`1.50` → "1.50"), null stays null. */
export function readConfig(body: string | null): ConfigProps {
  const value = readJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof JsonNumber)
    throw unreadable("The request's body is not a JSON object");
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, scalarText(key, each)]));
}

function scalarText(key: string, value: unknown): string | null {
  if (value === null) return null;
  if (value instanceof JsonNumber) return value.literal;
  if (typeof value === 'object') throw unreadable(`The value of "${key}" is not a text, number or boolean`);
  return String(value);
}

const unreadable = (message: string): ConnectError =>
  new ConnectError(message, { hint: 'Send a JSON object with Content-Type: application/json.' });
