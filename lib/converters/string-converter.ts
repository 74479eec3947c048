import { ConfigDef, type ConfigKeys, type ConnectorConfig } from '../api/config-def.ts';
import { connectVersion } from '../api/connect-version.ts';
import type {
  Converter,
  ConverterPlugin,
  HeaderConverter,
  SchemaAndValue,
  Serialized,
} from '../api/converter.ts';
import { javaString } from '../api/data/java-string.ts';
import { optionalStringSchema, type Schema } from '../api/data/schema.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { type Charset, findCharset, utf8, wellFormed } from '../foundation/java/charset.ts';
import { ConnectError } from '../api/errors.ts';

const keys = {
  'converter.encoding': {
    type: 'STRING',
    default: 'UTF-8',
    importance: 'HIGH',
    width: 'MEDIUM',
    displayName: 'Encoding',
    doc: 'The character set of the text, by its Java name.',
  },
} as const satisfies ConfigKeys;

/** One for all: most records have no key. */
const nullText: SchemaAndValue = Object.freeze({ schema: optionalStringSchema, value: null });

const configDef = new ConfigDef(keys);

class StringConverter implements Converter, HeaderConverter {
  readonly #charset: Charset;

  constructor(charset: Charset) {
    this.#charset = charset;
  }

  fromConnectData(_topic: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    if (value === null || value === undefined) return null;
    return this.#charset.encode(typeof value === 'string' ? value : javaString(value, schema));
  }

  serialize(topic: string, schema: Schema | null, value: ConnectValue): Serialized {
    if (this.#charset !== utf8) return this.fromConnectData(topic, schema, value);
    if (value === null || value === undefined) return null;
    return wellFormed(typeof value === 'string' ? value : javaString(value, schema));
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    return bytes === null ? nullText : { schema: optionalStringSchema, value: this.#charset.decode(bytes) };
  }

  fromConnectHeader(
    topic: string,
    _key: string,
    schema: Schema | null,
    value: ConnectValue,
  ): Uint8Array | null {
    return this.fromConnectData(topic, schema, value);
  }

  toConnectHeader(topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return this.toConnectData(topic, bytes);
  }
}

function create(config: ConnectorConfig): StringConverter {
  const encoding = configDef.parse(config)['converter.encoding'];
  const charset = findCharset(encoding);
  if (charset !== undefined) return new StringConverter(charset);
  throw new ConnectError(`Unsupported encoding ${encoding}`, {
    code: 'SERIALIZATION',
    hint: 'Most topics hold UTF-8.',
  });
}

/** Java's toString in both directions: for keys, and for text that is not to be parsed. */
export const stringConverter: ConverterPlugin = {
  kind: 'converter',
  class: 'org.apache.kafka.connect.storage.StringConverter',
  version: connectVersion,
  configDef,
  create,
  createHeader: create,
};
