import {
  ConfigDef,
  type ConfigKey,
  type ConfigType,
  parseType,
  Password,
  type Validator,
} from '../../../lib/api/config-def.ts';
import * as validators from '../../../lib/api/config-def/validators.ts';
import { definitely } from '../codec/decode-schema.ts';
import { floatText } from '../codec/encode.ts';
import { Unsupported, type VectorCase } from '../vector-case.ts';

interface Key {
  readonly name: string;
  readonly type: ConfigType;
  readonly default?: string | null;
  readonly validator?: readonly [string, ...unknown[]];
}

/** The recordings were made in a plain Java process: its own classes are there, nothing else is. */
const options = {
  classNamed: (name: string): string | undefined =>
    name.startsWith('java.') || name.startsWith('org.apache.kafka.') ? name : undefined,
};

export function configdef({ op, input, config }: VectorCase): unknown {
  if (op === 'parseType') {
    const { type, value } = input as { type: ConfigType; value: string | null };
    return encode(parseType('k', value, type, options), type);
  }
  const { keys } = input as { keys: readonly Key[] };
  const types = new Map(keys.map((key) => [key.name, key.type]));
  const typeOf = (name: string): ConfigType => definitely(types.get(name));
  const definition = new ConfigDef(Object.fromEntries(keys.map((key) => [key.name, keyOf(key)])));
  if (op === 'parse') {
    const parsed = definition.parse(config ?? {}, options);
    return Object.fromEntries(
      Object.entries(parsed).map(([name, value]) => [name, encode(value, typeOf(name))]),
    );
  }
  if (op !== 'validate') throw new Unsupported(`configdef op ${op}`);
  const values = definition.validate(config ?? {}, options);
  return Object.fromEntries(
    values.map(({ name, value, errors, visible }) => [
      name,
      { value: encode(value, typeOf(name)), errors, visible },
    ]),
  );
}

const keyOf = (key: Key): ConfigKey => ({
  type: key.type,
  ...(key.default !== undefined && { default: key.default }),
  ...(key.validator !== undefined && { validator: validatorOf(key.validator) }),
  importance: 'HIGH',
  doc: '',
});

function validatorOf([name, ...args]: readonly [string, ...unknown[]]): Validator {
  switch (name) {
    case 'between':
      return validators.between(Number(args[0]), Number(args[1]));
    case 'atLeast':
      return validators.atLeast(Number(args[0]));
    case 'in':
      return validators.oneOf(...(args[0] as string[]));
    case 'inCI':
      return validators.caseInsensitiveOneOf(...(args[0] as string[]));
    case 'nonNull':
      return validators.nonNull;
    case 'nonEmpty':
      return validators.nonEmptyString;
    case 'noCtl':
      return validators.nonEmptyStringWithoutControlChars;
    case 'nonEmptyList':
      return validators.nonEmptyList;
    case 'regex':
      return validators.javaRegex;
    case 'listIn':
      return validators.listOf({ allowed: args[0] as string[] });
    default:
      throw new Unsupported(`validator ${name}`);
  }
}

function encode(value: unknown, type: ConfigType): unknown {
  if (value === null) return null;
  switch (type) {
    case 'BOOLEAN':
      return { boolean: value };
    case 'STRING':
      return { string: value };
    case 'SHORT':
      return { int16: value };
    case 'INT':
      return { int32: value };
    case 'LONG':
      return { int64: String(value) };
    case 'DOUBLE':
      return { float64: floatText(Number(value)) };
    case 'LIST':
      return { list: value };
    case 'CLASS':
      return { class: value };
    case 'PASSWORD':
      return { password: (value as Password).value, toString: String(value) };
  }
}
