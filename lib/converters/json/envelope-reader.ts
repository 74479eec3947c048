import { DataError } from '../../api/errors.ts';
import { logicalNames } from '../../api/data/logical-names.ts';
import type { SchemaAndValue } from '../../api/converter.ts';
import type { Schema } from '../../api/data/schema.ts';
import { decodeJsonText, decodeUtf8 } from '../../foundation/json/decode-text.ts';
import { JsonNumber } from '../../foundation/json/json-number.ts';
import { JsonReader } from '../../foundation/json/json-reader.ts';
import { mayHoldFractions, mayHoldHalfPairs } from '../../foundation/json/parse-exact.ts';
import { parsePlain } from '../../foundation/json/parse-plain.ts';
import { requireBigDecimal } from './json-node.ts';
import { LruCache } from './lru-cache.ts';
import { readSchema } from './schema-reader.ts';
import { schemalessValue } from './schemaless-reader.ts';
import type { ValueReader } from './value-reader.ts';

/** The beginning all messages of one schema share: the payload comes next. */
interface Prefix {
  readonly bytes: Buffer;
  readonly schema: Schema;
  readonly hasDecimals: boolean;
}

function keepLiteral(literal: string): JsonNumber {
  requireBigDecimal(literal);
  return new JsonNumber(literal);
}

/** What Jackson reads otherwise than JSON.parse. */
export const jackson = { leadingZeros: true, wellFormedNames: true } as const;

/** As a JSON tree, exact, and with Jackson's leniency: leading zeros, and nothing read beyond the value. */
export const readTree = (text: string): unknown =>
  new JsonReader(text, { ...jackson, number: keepLiteral }).value();

/** `}` */
export const closingBrace = 0x7d;

/**
 * Reads `{"schema": …, "payload": …}`. JsonConverter writes the same schema text before each payload, so the bytes up
 * to the payload are remembered, and of the messages that follow only the payload is decoded and parsed.
 */
export class EnvelopeReader {
  readonly #values: ValueReader;
  readonly #schemas: LruCache<string, Schema>;
  #last: Prefix | undefined;

  constructor(values: ValueReader, cacheSize: number) {
    this.#values = values;
    this.#schemas = new LruCache(Math.max(0, cacheSize));
  }

  /** Throws a DataError for text that is no envelope, and a SyntaxError or a TextEncodingError for other bytes. */
  read(bytes: Uint8Array): SchemaAndValue {
    const known = this.#last;
    if (known !== undefined && startsWith(bytes, known.bytes)) {
      const payload = plainPayload(bytes, known);
      if (payload !== undefined)
        return { schema: known.schema, value: this.#values.read(known.schema, payload) };
    }
    return this.#readWhole(decodeJsonText(bytes));
  }

  #readWhole(text: string): SchemaAndValue {
    const { schemaText, members } = readMembers(text);
    const schemaNode = members.get('schema');
    const payload = members.get('payload');
    if (members.size !== 2 || schemaNode === undefined || payload === undefined) throw notAnEnvelope();
    if (schemaNode === null) return { schema: null, value: schemalessValue(payload) };
    const schema = this.#schemas.get(schemaText) ?? this.#remember(schemaText, schemaNode);
    const prefix = `{"schema":${schemaText},"payload":`;
    if (text.startsWith(prefix))
      this.#last = { bytes: Buffer.from(prefix), schema, hasDecimals: holdsDecimals(schema) };
    return { schema, value: this.#values.read(schema, payload) };
  }

  #remember(text: string, node: unknown): Schema {
    const schema = readSchema(node, this.#values);
    if (schema === null) throw notAnEnvelope();
    this.#schemas.set(text, schema);
    return schema;
  }
}

const startsWith = (bytes: Uint8Array, prefix: Buffer): boolean =>
  bytes.length > prefix.length && prefix.compare(bytes, 0, prefix.length) === 0;

/** Undefined where the exact reader has to look: numbers JSON.parse would not keep, or text that is not as expected. */
function plainPayload(bytes: Uint8Array, { bytes: prefix, hasDecimals }: Prefix): unknown {
  const end = bytes.length - 1;
  if (bytes[end] !== closingBrace) return undefined;
  const payload = decodeUtf8(bytes.subarray(prefix.length, end));
  if ((hasDecimals && mayHoldFractions(payload)) || mayHoldHalfPairs(payload)) return undefined;
  try {
    return parsePlain(payload, 1);
  } catch {
    // Not an envelope of two members and nothing behind: the exact reader will tell what it is.
    return undefined;
  }
}

function readMembers(text: string): { schemaText: string; members: Map<string, unknown> } {
  const reader = new JsonReader(text, { ...jackson, number: keepLiteral });
  const members = new Map<string, unknown>();
  let schemaText = '';
  if (reader.atEnd() || text[reader.position] !== '{') {
    if (!reader.atEnd()) reader.value();
    throw notAnEnvelope();
  }
  reader.members((key) => {
    reader.atEnd();
    const start = reader.position;
    members.set(key, reader.value());
    if (key === 'schema') schemaText = text.slice(start, reader.position);
  });
  return { schemaText, members };
}

const notAnEnvelope = (): DataError =>
  new DataError(
    'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. ' +
      'If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.',
  );

function holdsDecimals(schema: Schema | null): boolean {
  if (schema === null) return false;
  return (
    schema.name === logicalNames.decimal ||
    holdsDecimals(schema.keySchema) ||
    holdsDecimals(schema.valueSchema) ||
    schema.fields.some((field) => holdsDecimals(field.schema))
  );
}
