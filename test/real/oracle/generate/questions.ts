import type { Question } from '../start-oracle.ts';
import {
  configdefQuestion,
  configproviderQuestion,
  fieldpathQuestion,
  topiccreationQuestion,
} from './config-questions.ts';
import { converterQuestion } from './converter-questions.ts';
import {
  offsetsQuestion,
  partitionQuestion,
  retryQuestion,
  submittedQuestion,
} from './delivery-questions.ts';
import { Dice } from './dice.ts';
import { recordQuestion } from './record-questions.ts';
import { schemaQuestion } from './schema-questions.ts';
import { valuesQuestion } from './values-questions.ts';

const makers: Readonly<Record<string, (dice: Dice) => Omit<Question, 'id'>>> = {
  converter: converterQuestion,
  values: valuesQuestion,
  schema: schemaQuestion,
  transform: (dice) => recordQuestion(dice, 'transform'),
  chain: (dice) => recordQuestion(dice, 'chain'),
  predicate: (dice) => recordQuestion(dice, 'predicate'),
  configdef: configdefQuestion,
  topiccreation: topiccreationQuestion,
  configprovider: configproviderQuestion,
  fieldpath: fieldpathQuestion,
  retry: retryQuestion,
  submitted: submittedQuestion,
  offsets: offsetsQuestion,
  partition: partitionQuestion,
};

export const questionKinds: readonly string[] = Object.keys(makers);

/** `count` questions of a kind; the same ones for the same seed. */
export function questions(kind: string, seed: number, count: number): Question[] {
  const make = makers[kind];
  if (make === undefined)
    throw new Error(`There are no questions of kind ${kind}: ${questionKinds.join(', ')}`);
  return Array.from({ length: count }, (_, index) => ({
    id: `${kind}/${seed}/${index}`,
    ...make(new Dice(seed * 1_000_003 + index)),
  }));
}
