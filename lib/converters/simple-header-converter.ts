import { ConfigDef } from '../api/config-def.ts';
import { connectVersion } from '../api/connect-version.ts';
import type { HeaderConverter, HeaderConverterPlugin } from '../api/converter.ts';
import { convertToString, parseString } from '../api/data/values.ts';
import { DataError } from '../api/errors.ts';
import { utf8 } from '../foundation/java/charset.ts';

const converter: HeaderConverter = {
  fromConnectHeader(_topic, _key, schema, value) {
    const text = convertToString(schema, value ?? null);
    return text === null ? null : utf8.encode(text);
  },
  toConnectHeader(_topic, _key, bytes) {
    if (bytes === null) return { schema: null, value: null };
    try {
      return parseString(utf8.decode(bytes));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      // Like Connect: text that cannot be parsed after all is handed on as it came (Invariant 5).
      return { schema: null, value: bytes };
    }
  },
};

/** Headers as text; what is read back has the type its text looks like, so "5" becomes an INT8. */
export const simpleHeaderConverter: HeaderConverterPlugin = {
  kind: 'header-converter',
  class: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  version: connectVersion,
  configDef: new ConfigDef({}),
  createHeader: () => converter,
};
