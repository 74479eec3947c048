import type { Question } from '../start-oracle.ts';
import { data } from './converter-questions.ts';
import type { Dice } from './dice.ts';
import { schemaless } from './values.ts';
import { valuesText } from './values-text.ts';

const conversions = [
  'Boolean',
  'Byte',
  'Short',
  'Integer',
  'Long',
  'Float',
  'Double',
  'String',
  'String',
  'List',
  'Map',
  'Date',
  'Time',
  'Timestamp',
  'Decimal',
  'Struct',
];

export function valuesQuestion(dice: Dice): Omit<Question, 'id'> {
  const base = { kind: 'values', class: 'org.apache.kafka.connect.data.Values' };
  if (dice.chance(0.4)) return { ...base, op: 'parseString', input: valuesText(dice) };
  const input = dice.chance(0.6)
    ? data(dice)
    : { schema: dice.pick([null, { type: 'string', optional: false }]), value: { string: valuesText(dice) } };
  if (dice.chance(0.1))
    return { ...base, op: 'inferSchema', input: { schema: null, value: schemaless(dice, 3) } };
  return {
    ...base,
    op: `convertTo${dice.pick(conversions)}`,
    input: { ...input, scale: dice.pick([0, 2, -1, 5]) },
  };
}
