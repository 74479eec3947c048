import { describe, expect, expectTypeOf, it } from 'vitest';
import { ConfigDef, type ConfigKey, Password } from '../../../../lib/api/config-def.ts';
import {
  atLeast,
  javaRegex,
  listOf,
  nonEmptyString,
  oneOf,
  validator,
} from '../../../../lib/api/config-def/validators.ts';
import { suggestKey } from '../../../../lib/api/config-def/suggest-key.ts';

const definition = new ConfigDef({
  topic: { type: 'STRING', importance: 'HIGH', doc: '', validator: nonEmptyString },
  'tasks.max': { type: 'INT', default: 1, importance: 'HIGH', doc: '', validator: atLeast(1) },
  password: { type: 'PASSWORD', default: null, importance: 'LOW', doc: '' },
  tables: { type: 'LIST', default: [], importance: 'LOW', doc: '', validator: listOf() },
});

describe('ConfigDef', () => {
  it('parses with the types of its keys', () => {
    const parsed = definition.parse({
      topic: ' t ',
      tables: 'a , b,a',
      password: 's3cret',
      other: 'ignored',
    });

    expectTypeOf(parsed.topic).toEqualTypeOf<string>();
    expectTypeOf(parsed['tasks.max']).toEqualTypeOf<number>();
    expectTypeOf(parsed.password).toEqualTypeOf<Password | null>();
    expect(parsed).toMatchObject({ topic: 't', 'tasks.max': 1, tables: ['a', 'b'] });
    expect(parsed.password?.value).toBe('s3cret');
  });

  it('never shows a password', () => {
    const { password } = definition.parse({ topic: 't', password: 's3cret' });

    expect([String(password), JSON.stringify({ password })]).toEqual(['[hidden]', '{"password":"[hidden]"}']);
  });

  it('reports everything wrong with a key, and the null it is then', () => {
    const errors = Object.fromEntries(
      definition.validate({ 'tasks.max': 'x' }).map(({ name, errors: all }) => [name, all]),
    );

    expect(errors).toEqual({
      topic: ['Missing required configuration "topic" which has no default value.'],
      'tasks.max': [
        'Invalid value x for configuration tasks.max: Not a number of type INT',
        'Invalid value null for configuration tasks.max: Value must be at least 1'.replace(
          'at least 1',
          'non-null',
        ),
      ],
      password: [],
      tables: [],
    });
  });

  it('lists an extension of Kafka Connect only where the config sets it, and always parses it', () => {
    const def = new ConfigDef({
      a: { type: 'STRING', default: 'x', importance: 'LOW', doc: 'A.' },
      own: { type: 'STRING', default: 'y', importance: 'LOW', doc: 'Ours.', extension: true },
    });

    expect(def.validate({ a: '1' }).map(({ name }) => name)).toEqual(['a']);
    expect(def.validate({ own: '1' }).map(({ name }) => name)).toEqual(['a', 'own']);
    expect(def.parse({})).toEqual({ a: 'x', own: 'y' });
  });

  it('drops what a list names twice, while validation reports it', () => {
    const given = { topic: 't', tables: 'a,a' };

    expect(definition.parse(given).tables).toEqual(['a']);
    expect(definition.validate(given).find(({ name }) => name === 'tables')).toMatchObject({
      value: ['a', 'a'],
      errors: ["Configuration 'tables' values must not be duplicated."],
    });
  });

  it('prints a double in a message as Java does', () => {
    const share = new ConfigDef({
      share: { type: 'DOUBLE', importance: 'LOW', doc: '', validator: atLeast(1) },
    });

    expect(() => share.parse({ share: '5e-8' })).toThrow('Invalid value 5.0E-8 for configuration share:');
  });

  it('takes null for no regular expression', () => {
    const pattern = new ConfigDef({
      pattern: { type: 'STRING', default: 'a', importance: 'LOW', doc: '', validator: javaRegex },
    });

    expect(() => pattern.parse({ pattern: null })).toThrow('Invalid value null for configuration pattern');
  });

  it('refuses a default its validator refuses', () => {
    const key: ConfigKey = {
      type: 'STRING',
      default: 'c',
      importance: 'LOW',
      doc: '',
      validator: oneOf('a', 'b'),
    };

    expect(() => new ConfigDef({ key })).toThrow(
      'Invalid value c for configuration key: String must be one of: a, b',
    );
  });

  it('is extended by keys that win over its own', () => {
    const extended = definition.extend({
      topic: { type: 'STRING', default: 'd', importance: 'LOW', doc: '' },
    });

    expect(extended.parse({}).topic).toBe('d');
    expect(Object.keys(extended.keys)).toEqual(['topic', 'tasks.max', 'password', 'tables']);
  });

  it('asks a recommender with all parsed values', () => {
    const withAdvice = new ConfigDef({
      mode: { type: 'STRING', default: 'fast', importance: 'LOW', doc: '', dependents: ['speed', 'nope'] },
      speed: {
        type: 'STRING',
        default: null,
        importance: 'LOW',
        doc: '',
        recommender: {
          validValues: (_name, parsed) => [parsed['mode']],
          visible: (_name, parsed) => parsed['mode'] === 'slow',
        },
      },
    });

    expect(withAdvice.validate({})).toMatchObject([
      { name: 'mode', visible: true },
      { name: 'speed', recommendedValues: ['fast'], visible: false },
      { name: 'nope', errors: ['nope is referred in the dependents, but not defined.'], visible: false },
    ]);
  });

  it('lets a bug in a validator through instead of calling the config wrong', () => {
    const broken = validator('', () => {
      throw new TypeError('bug');
    });

    expect(() =>
      new ConfigDef({ k: { type: 'STRING', importance: 'LOW', doc: '', validator: broken } }).validate({
        k: 'v',
      }),
    ).toThrow('bug');
  });
});

describe('suggestKey', () => {
  it.each([
    ['task.max', 'tasks.max'],
    ['TASKS.MAX', 'tasks.max'],
    ['taks.max', 'tasks.max'],
    ['topisc', 'topics'],
    ['completely.else', undefined],
    ['', undefined],
  ])('for %s suggests %s', (unknown, suggestion) => {
    expect(suggestKey(unknown, ['topics', 'tasks.max', 'connector.class'])).toBe(suggestion);
  });
});
