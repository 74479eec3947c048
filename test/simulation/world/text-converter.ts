import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { ConverterPlugin } from '../../../lib/api/converter.ts';
import { DataError } from '../../../lib/api/errors.ts';

const utf8 = { encode: new TextEncoder(), decode: new TextDecoder() };

function checked(text: string): string {
  if (text.startsWith('poison:')) throw new DataError('This record is poison');
  return text;
}

/** Records as plain text; what begins with `poison:` cannot be converted either way. */
export const textConverter: ConverterPlugin = {
  kind: 'converter',
  class: 'sim.Text',
  version: '1',
  configDef: new ConfigDef({}),
  create: () => ({
    fromConnectData: (_topic, _schema, value) =>
      value === null ? null : utf8.encode.encode(checked(String(value))),
    toConnectData: (_topic, bytes) => ({
      schema: null,
      value: bytes === null ? null : checked(utf8.decode.decode(bytes)),
    }),
  }),
  createHeader: () => ({
    fromConnectHeader: (_topic, _key, _schema, value) => utf8.encode.encode(String(value)),
    toConnectHeader: (_topic, _key, bytes) => ({
      schema: null,
      value: bytes === null ? null : utf8.decode.decode(bytes),
    }),
  }),
};

/** Of the bytes, or of what the producer makes bytes of. */
export const textOf = (value: Uint8Array | string | null): string =>
  typeof value === 'string' ? value : value === null ? '' : utf8.decode.decode(value);
export const bytesOf = (text: string): Uint8Array => utf8.encode.encode(text);
