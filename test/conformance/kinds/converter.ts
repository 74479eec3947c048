import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { ConverterPlugin, HeaderConverterPlugin, SchemaAndValue } from '../../../lib/api/converter.ts';
import { booleanConverter } from '../../../lib/converters/boolean-converter.ts';
import { byteArrayConverter } from '../../../lib/converters/byte-array-converter.ts';
import { jsonConverter } from '../../../lib/converters/json-converter.ts';
import * as numbers from '../../../lib/converters/number-converters.ts';
import { simpleHeaderConverter } from '../../../lib/converters/simple-header-converter.ts';
import { stringConverter } from '../../../lib/converters/string-converter.ts';
import { decodeSchema, definitely, type TaggedSchema } from '../codec/decode-schema.ts';
import { decodeBase64, decodeValue } from '../codec/decode-value.ts';
import { encodeSchema, encodeValue } from '../codec/encode.ts';
import { normalise } from '../compare.ts';
import { isSameJson } from '../same-json.ts';
import { Unsupported, type VectorCase } from '../vector-case.ts';

const plugins: readonly (ConverterPlugin | HeaderConverterPlugin)[] = [
  jsonConverter,
  stringConverter,
  byteArrayConverter,
  booleanConverter,
  simpleHeaderConverter,
  ...Object.values(numbers),
];

interface Port {
  from(topic: string, input: SchemaAndValue): Uint8Array | null;
  to(topic: string, bytes: Uint8Array | null): SchemaAndValue;
}

export function converter(testCase: VectorCase): unknown {
  const plugin = plugins.find((each) => each.class === testCase.class);
  if (plugin === undefined) throw new Unsupported(`converter ${testCase.class}`);
  const isHeader = /Header|headerRoundTrip/.test(testCase.op ?? '');
  const port = isHeader ? headerPort(plugin, configOf(testCase)) : dataPort(plugin, testCase);
  const topic = testCase.topic ?? 'topic';
  switch (testCase.op) {
    case 'toConnectData':
    case 'toConnectHeader':
      return encodeResult(port.to(topic, decodeInput(testCase.input)));
    case 'fromConnectData':
    case 'fromConnectHeader':
      return encodeBytes(port.from(topic, decodeData(testCase.input)), testCase);
    case 'roundTrip':
    case 'headerRoundTrip': {
      const bytes = port.from(topic, decodeData(testCase.input));
      return { bytes: encodeBytes(bytes, testCase), back: encodeResult(port.to(topic, bytes)) };
    }
    default:
      throw new Unsupported(`converter op ${testCase.op}`);
  }
}

/** The runtime never hands null on: it is what a converter cannot parse anyway. */
const configOf = ({ config }: VectorCase): ConnectorConfig =>
  Object.fromEntries(
    Object.entries(config ?? {}).filter((entry): entry is [string, string] => entry[1] !== null),
  );

function dataPort(plugin: ConverterPlugin | HeaderConverterPlugin, testCase: VectorCase): Port {
  if (plugin.kind !== 'converter') return headerPort(plugin, configOf(testCase));
  const created = plugin.create(configOf(testCase), testCase.isKey === true);
  return {
    from: (topic, { schema, value }) => created.fromConnectData(topic, schema, value),
    to: (topic, bytes) => created.toConnectData(topic, bytes),
  };
}

function headerPort(plugin: ConverterPlugin | HeaderConverterPlugin, config: ConnectorConfig): Port {
  if (plugin.createHeader === undefined) throw new Unsupported(`${plugin.class} as header converter`);
  const created = plugin.createHeader(config);
  return {
    from: (topic, { schema, value }) => created.fromConnectHeader(topic, 'h', schema, value),
    to: (topic, bytes) => created.toConnectHeader(topic, 'h', bytes),
  };
}

function decodeInput(input: unknown): Uint8Array | null {
  if (input === null) return null;
  const { text, bytes } = input as { text?: string; bytes?: string };
  return text === undefined ? decodeBase64(definitely(bytes)) : Buffer.from(text);
}

function decodeData(input: unknown): SchemaAndValue {
  const { schema: tagged, value } = input as { schema: TaggedSchema | null; value: unknown };
  const schema = decodeSchema(tagged);
  return { schema, value: decodeValue(value, schema) };
}

export const encodeResult = ({ schema, value }: SchemaAndValue): unknown => ({
  schema: encodeSchema(schema),
  value: encodeValue(value, schema),
});

/** JSON text is compared token by token, other text but for addresses, all else byte by byte. */
function encodeBytes(bytes: Uint8Array | null, { class: name, result }: VectorCase): unknown {
  if (bytes === null) return null;
  const text = Buffer.from(bytes).toString('utf8');
  const own = {
    ...(Buffer.from(text).equals(bytes) && { text }),
    bytes: Buffer.from(bytes).toString('base64'),
  };
  if (!('output' in result)) return own;
  const { output } = result as { output: { bytes?: unknown } | null };
  const recorded = (typeof output?.bytes === 'object' ? output.bytes : output) as { text?: string } | null;
  if (recorded?.text === undefined) return own;
  // A Java array prints its address.
  const isSame =
    name === jsonConverter.class
      ? isSameJson(recorded.text, text)
      : normalise(recorded.text) === normalise(text);
  return isSame ? recorded : own;
}
