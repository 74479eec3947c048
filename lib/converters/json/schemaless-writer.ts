import { DataError } from '../../api/errors.ts';
import { isBoxed } from '../../api/data/boxed.ts';
import { isPlainObject, javaClassOf } from '../../api/data/java-class.ts';
import { boxedString } from '../../api/data/java-string.ts';
import { isStruct } from '../../api/data/struct-brand.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { jacksonEscapes, quoteText } from './jackson-text.ts';
import { isPrintedAlike, javaDouble, javaFloat } from '../../foundation/java/number-format.ts';

/** JSON has no NaN and no infinity: like Jackson, they are written as strings. */
export const jsonDouble = (value: number): string =>
  Number.isFinite(value) ? javaDouble(value) : `"${javaDouble(value)}"`;
export const jsonFloat = (value: number): string =>
  Number.isFinite(value) ? javaFloat(value) : `"${javaFloat(value)}"`;

/** A value without a schema as JSON. Throws a DataError for a Decimal, an Instant or a Struct: they need one. */
export function writeSchemaless(value: ConnectValue): string {
  return isPlain(value) ? jacksonEscapes(JSON.stringify(value)) : writeAny(value);
}

/** Whether JSON.stringify would write just what Java does; checking is far cheaper than writing by hand. */
function isPlain(value: ConnectValue): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return isPrintedAlike(value) || Number.isSafeInteger(value);
    case 'object':
      if (value === null) return true;
      if (Array.isArray(value)) return (value as readonly ConnectValue[]).every(isPlain);
      return isPlainObject(value) && hasPlainMembers(value);
    default:
      return false;
  }
}

function hasPlainMembers(object: Readonly<Record<string, ConnectValue>>): boolean {
  for (const key in object) {
    const member = object[key];
    if (member === undefined || !isPlain(member)) return false;
  }
  return true;
}

function writeAny(value: ConnectValue): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : jsonDouble(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return quoteText(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isBoxed(value)) return Number.isFinite(value.value) ? boxedString(value) : `"${boxedString(value)}"`;
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (Array.isArray(value)) return `[${(value as readonly ConnectValue[]).map(writeAny).join(',')}]`;
  if (value instanceof Map) return writeMap(value as ReadonlyMap<ConnectValue, ConnectValue>);
  if (isPlainObject(value)) return `{${Object.entries(value).map(writeMember).join(',')}}`;
  if (isStruct(value))
    throw new DataError('Mismatching schema.', { hint: 'A Struct needs its schema on the record.' });
  throw new DataError(`Java class class ${javaClassOf(value)} does not have corresponding schema type.`);
}

const writeMember = ([key, value]: readonly [ConnectValue, ConnectValue]): string =>
  `${quoteText(String(key))}:${writeAny(value)}`;

/** An object, or pairs where a key is not a string. */
function writeMap(map: ReadonlyMap<ConnectValue, ConnectValue>): string {
  const entries = [...map];
  if (entries.every(([key]) => typeof key === 'string')) return `{${entries.map(writeMember).join(',')}}`;
  return `[${entries.map(([key, value]) => `[${writeAny(key)},${writeAny(value)}]`).join(',')}]`;
}
