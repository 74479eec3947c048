import type { Question } from '../start-oracle.ts';
import type { Dice } from './dice.ts';
import { jsonText } from './json-text.ts';
import { name, numberText, text } from './texts.ts';
import { schemaless } from './values.ts';

const stages = `
  TASK_PUT TASK_POLL TRANSFORMATION KEY_CONVERTER VALUE_CONVERTER HEADER_CONVERTER KAFKA_PRODUCE
  KAFKA_CONSUME
`
  .trim()
  .split(/\s+/);
const exceptions = [
  'org.apache.kafka.connect.errors.RetriableException',
  'org.apache.kafka.connect.errors.RetriableException',
  'org.apache.kafka.connect.errors.DataException',
  'org.apache.kafka.connect.errors.ConnectException',
  'org.apache.kafka.common.errors.TimeoutException',
  'java.lang.RuntimeException',
  'java.io.IOException',
];

/** Beyond the sixth wait the delay is drawn at random, so the timeouts stop before unless the waits are capped. */
export const retryQuestion = (dice: Dice): Omit<Question, 'id'> => ({
  kind: 'retry',
  class: 'org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator',
  input: {
    timeoutMs: dice.pick([0, 1, 299, 300, 301, 1000, 5000, 20000, -1]),
    delayMaxMs: dice.pick([60000, 60000, 100000]),
    tolerance: dice.pick(['none', 'all']),
    stage: dice.pick(stages),
    failTimes: dice.pick([0, 1, 2, 3, 4, 5]),
    exception: dice.pick(exceptions),
    opMs: dice.pick([0, 0, 1, 100, 299, 300, 1000, 7000]),
    operations: dice.int(1, 3),
  },
});

export function submittedQuestion(dice: Dice): Omit<Question, 'id'> {
  const open: string[] = [];
  let next = 0;
  const step = (): unknown[] => {
    if (dice.chance(0.45)) {
      open.push(String(next++));
      return ['submit', open.at(-1), dice.pick(['A', 'B', 'C']), next];
    }
    if (open.length > 0 && dice.chance(0.7)) {
      const [id] = open.splice(dice.int(0, open.length - 1), 1);
      return [dice.chance(0.8) ? 'ack' : 'drop', id];
    }
    return ['commit'];
  };
  return {
    kind: 'submitted',
    class: 'org.apache.kafka.connect.runtime.SubmittedRecords',
    input: [...Array.from({ length: dice.int(1, 25) }, step), ['commit'], ['commit']],
  };
}

export function partitionQuestion(dice: Dice): Omit<Question, 'id'> {
  const key = Uint8Array.from({ length: dice.int(0, 40) }, () => dice.int(0, 255));
  const input = dice.chance(0.7)
    ? { bytes: Buffer.from(key).toString('base64') }
    : { text: text(dice).toWellFormed() };
  return {
    kind: 'partition',
    class: 'org.apache.kafka.common.utils.Utils',
    input: { ...input, partitions: dice.int(1, 1000) },
  };
}

export function offsetsQuestion(dice: Dice): Omit<Question, 'id'> {
  const op = dice.pick(Object.keys(offsetInputs));
  const input = offsetInputs[op]?.(dice);
  return { kind: 'offsets', class: 'org.apache.kafka.connect.storage.OffsetUtils', op, input };
}

const flatMap = (dice: Dice): unknown => ({
  map: [...new Set(dice.some(3, () => name(dice)))].map((key) => [
    { string: key },
    schemaless(dice, dice.chance(0.9) ? 0 : 2),
  ]),
});

const offsetInputs: Readonly<Record<string, (dice: Dice) => unknown>> = {
  parseSinkOffsets: (dice) => [sinkOffset(dice)],
  validateFormat: (dice) => (dice.chance(0.8) ? flatMap(dice) : schemaless(dice, 2)),
  writerSerialise: (dice) => ({
    connector: dice.pick(['c', 'my-conn', 'é', '"']),
    partition: flatMap(dice),
    offset: flatMap(dice),
  }),
  partitionKey: (dice) => ({
    key: dice.chance(0.05)
      ? null
      : {
          text: dice.chance(0.6)
            ? `["${dice.pick(['c', 'd'])}",{"a":${jsonText(dice, 1).toWellFormed()}}]`
            : jsonText(dice, 2).toWellFormed(),
        },
    value: dice.chance(0.3) ? null : { text: '{}' },
    ...(dice.chance(0.5) && { existing: [{ text: '["c",{"a":1}]' }, { text: '["d",{"z":true}]' }] }),
  }),
};

const offsetNumber = (dice: Dice): unknown =>
  dice.oneOf<unknown>(
    () => dice.int(-3, 2 ** 31),
    () => numberText(dice),
    () => dice.pick([null, true, 1.5, 9007199254740991, 'x', ' 5', '', [], {}]),
  );

function sinkOffset(dice: Dice): unknown {
  const partition = {
    ...(dice.chance(0.95) && { kafka_topic: dice.pick<unknown>(['t', 't', 5, null, true, '']) }),
    ...(dice.chance(0.95) && { kafka_partition: offsetNumber(dice) }),
    ...(dice.chance(0.1) && { extra: 1 }),
  };
  const offset = dice.chance(0.1)
    ? null
    : { ...(dice.chance(0.95) && { kafka_offset: offsetNumber(dice) }), ...(dice.chance(0.1) && { x: 1 }) };
  return { partition: dice.chance(0.03) ? null : partition, offset };
}
