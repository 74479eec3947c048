import type { Question } from '../start-oracle.ts';
import type { Dice } from './dice.ts';
import { splice } from './mutate.ts';
import { recorded } from './recorded-cases.ts';
import { numberText, text } from './texts.ts';

const types = ['BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'];

const configValue = (dice: Dice): string =>
  dice.oneOf(
    () => numberText(dice),
    () => `${dice.pick(['', ' '])}${numberText(dice)}${dice.pick(['', ' ', '\n'])}`,
    () =>
      dice.pick([
        'true',
        'false',
        'TRUE',
        ' False ',
        'a',
        'b',
        'A',
        'a,b',
        ' a , b ',
        'a,,b',
        ',',
        'a,',
        'a,a',
        '',
      ]),
    () =>
      dice.pick([
        'java.lang.String',
        'java.util.Map',
        'no.Such',
        'int',
        ' java.lang.String ',
        '(',
        'a*',
        '[a',
        'x{2',
      ]),
    () => text(dice),
  );

export function configdefQuestion(dice: Dice): Omit<Question, 'id'> {
  const base = { kind: 'configdef', class: 'org.apache.kafka.common.config.ConfigDef' };
  if (dice.chance(0.4)) {
    const value = dice.chance(0.05) ? null : configValue(dice);
    return { ...base, op: 'parseType', input: { type: dice.pick(types), value } };
  }
  const op = dice.pick(['parse', 'validate']);
  // A parsed config of ours holds a LONG as a number, which is exact up to 2^53 only.
  const usable = types.filter((type) => type !== 'CLASS' && !(op === 'parse' && type === 'LONG'));
  const keys = ['k', ...dice.some(2, (i) => `k${i}`)].map((name) => keyOf(dice, name, dice.pick(usable)));
  const config = Object.fromEntries(
    keys
      .filter(() => dice.chance(0.85))
      .map(({ name }) => [name, dice.chance(0.05) ? null : configValue(dice)]),
  );
  return { ...base, op, input: { keys }, config };
}

function keyOf(dice: Dice, name: string, type: string): { name: string; type: string } {
  return {
    name,
    type,
    ...(dice.chance(0.4) && { default: dice.chance(0.3) ? null : defaultOf(dice, type) }),
    ...(dice.chance(0.6) && { validator: validatorOf(dice, type) }),
  };
}

function defaultOf(dice: Dice, type: string): string {
  if (type === 'BOOLEAN') return 'true';
  return ['INT', 'SHORT', 'LONG', 'DOUBLE'].includes(type)
    ? String(dice.int(0, 9))
    : dice.pick(['a', 'b', 'x']);
}

function validatorOf(dice: Dice, type: string): unknown[] {
  if (['INT', 'SHORT', 'LONG', 'DOUBLE'].includes(type))
    return dice.pick([['between', -5, 10], ['atLeast', 1], ['nonNull'], ['between', 0, 100]]);
  if (type === 'LIST') return dice.pick<unknown[]>([['nonEmptyList'], ['listIn', ['a', 'b']], ['nonNull']]);
  if (type === 'STRING')
    return dice.pick<unknown[]>([
      ['in', ['a', 'b']],
      ['inCI', ['a', 'B']],
      ['nonEmpty'],
      ['noCtl'],
      ['regex'],
      ['nonNull'],
    ]);
  return ['nonNull'];
}

const includes = ['.*', 'logs-.*', 'x', 'orders|x', '(', 'log', '[a-z]+', 'metrics', ''];

export function topiccreationQuestion(dice: Dice): Omit<Question, 'id'> {
  const config: Record<string, string> = {};
  const set = (key: string, probability: number, choose: () => string): void => {
    if (dice.chance(probability)) config[`topic.creation.${key}`] = choose();
  };
  const settings = (group: string, probability: number): void => {
    set(`${group}.replication.factor`, probability, () => dice.pick(['-1', '1', '3', '0', 'x', '-2', ' 2 ']));
    set(`${group}.partitions`, probability, () => dice.pick(['-1', '1', '5', '0', 'x', '']));
    set(`${group}.cleanup.policy`, 0.3, () => dice.pick(['compact', 'delete']));
    set(`${group}.retention.ms`, 0.2, () => numberText(dice));
  };
  settings('default', 0.9);
  set('default.include', 0.05, () => dice.pick(includes));
  set('groups', 0.8, () =>
    dice.pick(['a', 'a,b', 'b,a', 'a,a', ' a , b ', 'default', '', 'a,default', 'a,,b']),
  );
  for (const group of ['a', 'b']) {
    set(`${group}.include`, 0.85, () => dice.some(2, () => dice.pick(includes)).join(','));
    set(`${group}.exclude`, 0.3, () => dice.pick(includes));
    settings(group, 0.3);
  }
  const topics = ['orders', 'logs-1', 'metrics', 'x', '', 'catalog'];
  return {
    kind: 'topiccreation',
    class: 'org.apache.kafka.connect.runtime.SourceConnectorConfig',
    config,
    input: { topics, ...(dice.chance(0.1) && { workerTopicCreationEnable: false }) },
  };
}

export function configproviderQuestion(dice: Dice): Omit<Question, 'id'> {
  const base = dice.pick(recorded('configprovider'));
  const file = '/tmp/connect-vectors/p.properties';
  // One fault at a time: Connect asks its providers in hash order, and the first to fail is heard.
  const sound = (): string =>
    dice.oneOf(
      () => `\${file:${file}:${dice.pick(['key1', 'key2', 'esc key', 'multi', 'none', ''])}}`,
      () => `\${dir:/tmp/connect-vectors/d:${dice.pick(['one', 'two', 'none', ''])}}`,
      () => `\${env:${dice.pick(['A', 'B', ''])}}`,
      () => dice.pick(['$', '{', '}', ':', 'text', ' ', '${no:x:y}']),
    );
  const odd = (): string =>
    dice.oneOf(
      () =>
        `\${${dice.pick(['file', 'dir', 'env'])}:${dice.pick([file, '/tmp/connect-vectors/d', ''])}:${dice.pick(['key1', 'A', ''])}}`,
      () => dice.pick(['${', '$${env:A}', '${env:${env:A}}', '${file:}', '${file}', '${env:A:B:C}']),
    );
  const recordedValue = (): string => splice(dice, dice.pick(Object.values(base.config ?? {})) ?? '');
  const config = { x: dice.oneOf(recordedValue, odd, () => dice.some(3, sound).join('')), y: 'keep' };
  return { kind: 'configprovider', class: base.class ?? '', config, input: base.input };
}

export function fieldpathQuestion(dice: Dice): Omit<Question, 'id'> {
  const parts = ['a', 'foo', '.', '.', '`', '`', '\\', '\\`', ' ', 'b.c', 'é', ''];
  const path = Array.from({ length: dice.int(0, 8) }, () => dice.pick(parts)).join('');
  return {
    kind: 'fieldpath',
    class: 'org.apache.kafka.connect.transforms.field.SingleFieldPath',
    input: { path, version: dice.chance(0.85) ? 'V2' : 'V1' },
  };
}
