import type { TaggedSchema } from '../../../conformance/codec/decode-schema.ts';
import type { Question } from '../start-oracle.ts';
import type { Dice } from './dice.ts';
import { envelope, jsonBytes, jsonText, schemaNode } from './json-text.ts';
import { schema } from './schemas.ts';
import { bytes, text } from './texts.ts';
import { schemaless, value } from './values.ts';
import { valuesText } from './values-text.ts';

const json = 'org.apache.kafka.connect.json.JsonConverter';
const simpleHeader = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';
const string = 'org.apache.kafka.connect.storage.StringConverter';
const numbers = ['Short', 'Integer', 'Long', 'Float', 'Double', 'Boolean', 'ByteArray'].map(
  (each) => `org.apache.kafka.connect.converters.${each}Converter`,
);

type Asked = Pick<Question, 'class' | 'op' | 'config' | 'input'>;

export function converterQuestion(dice: Dice): Omit<Question, 'id'> {
  const asked = dice.oneOf<Asked>(
    () => fromJson(dice),
    () => fromJson(dice),
    () => toJson(dice),
    () => toJson(dice),
    () => other(dice),
  );
  return { kind: 'converter', isKey: dice.chance(0.2), topic: 't', ...asked };
}

/** Data under a schema or under none; with `mistakes`, not always of that schema. */
export function data(dice: Dice, mistakes = 0.02): { schema: TaggedSchema | null; value: unknown } {
  if (dice.chance(0.3)) return { schema: null, value: schemaless(dice, 3) };
  const under = schema(dice, 3);
  return {
    schema: under,
    value: dice.chance(mistakes * 2) ? schemaless(dice, 2) : value(dice, under, mistakes),
  };
}

function jsonConfig(dice: Dice): Record<string, string> {
  return {
    'schemas.enable': dice.pick(['true', 'false']),
    ...(dice.chance(0.3) && { 'decimal.format': dice.pick(['NUMERIC', 'base64', 'numeric', 'BASE64', 'x']) }),
    ...(dice.chance(0.3) && { 'replace.null.with.default': dice.pick(['true', 'false']) }),
    ...(dice.chance(0.05) && { 'schemas.cache.size': dice.pick(['0', '1', '10', '-1', 'x']) }),
  };
}

const fromJson = (dice: Dice): Asked => ({
  class: json,
  op: dice.pick(['fromConnectData', 'roundTrip', 'roundTrip', 'fromConnectHeader', 'headerRoundTrip']),
  config: jsonConfig(dice),
  input: data(dice),
});

function toJson(dice: Dice): Asked {
  const config = jsonConfig(dice);
  const isEnvelope = config['schemas.enable'] === 'true';
  const content = isEnvelope && dice.chance(0.15) ? JSON.stringify(schemaNode(dice, 2)) : undefined;
  const document =
    isEnvelope && content === undefined && dice.chance(0.95) ? envelope(dice, 3) : jsonText(dice, 3);
  return {
    class: json,
    op: dice.chance(0.9) ? 'toConnectData' : 'toConnectHeader',
    config: { ...config, ...(content !== undefined && { 'schema.content': content }) },
    input: dice.chance(0.95) ? { text: document.toWellFormed() } : { bytes: jsonBytes(dice, document) },
  };
}

function other(dice: Dice): Asked {
  const name = dice.oneOf(
    () => simpleHeader,
    () => string,
    () => dice.pick(numbers),
  );
  const config: Record<string, string> =
    name === string && dice.chance(0.3)
      ? {
          'converter.encoding': dice.pick([
            'UTF-8',
            'ISO-8859-1',
            'US-ASCII',
            'UTF-16',
            'UTF-16LE',
            'utf8',
            'windows-1252',
            'x',
          ]),
        }
      : {};
  const isHeader = name === simpleHeader || dice.chance(0.2);
  if (dice.chance(0.5))
    return { class: name, op: isHeader ? 'toConnectHeader' : 'toConnectData', config, input: stored(dice) };
  return {
    class: name,
    op: dice.pick(isHeader ? ['fromConnectHeader', 'headerRoundTrip'] : ['fromConnectData', 'roundTrip']),
    config,
    // The address of an array is masked in UTF-8 only.
    input: Object.keys(config).length > 0 ? { schema: null, value: { string: text(dice) } } : data(dice),
  };
}

const stored = (dice: Dice): unknown =>
  dice.oneOf<unknown>(
    () => ({ text: valuesText(dice).toWellFormed() }),
    () => ({ text: text(dice).toWellFormed() }),
    () => ({ bytes: bytes(dice) }),
    () => ({
      bytes: Buffer.from(
        Uint8Array.from({ length: dice.pick([1, 2, 4, 8]) }, () => dice.int(0, 255)),
      ).toString('base64'),
    }),
  );
