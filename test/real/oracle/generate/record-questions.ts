import type { VectorCase } from '../../../conformance/vector-case.ts';
import type { Question } from '../start-oracle.ts';
import { data } from './converter-questions.ts';
import type { Dice } from './dice.ts';
import { mutate } from './mutate.ts';
import { recorded } from './recorded-cases.ts';
import { structSchema } from './schemas.ts';
import { text } from './texts.ts';
import { schemaless, value } from './values.ts';

const records = [...recorded('transform'), ...recorded('predicate'), ...recorded('chain')]
  .filter(({ line }) => !line.includes('{"bigint":'))
  .map(({ input }) => input as object);

/** A recorded config, changed a little, on a record that was recorded with another one or is new. */
export function recordQuestion(dice: Dice, kind: 'transform' | 'chain' | 'predicate'): Omit<Question, 'id'> {
  const base = kind === 'chain' && recorded('chain').length === 0 ? chainOf(dice) : dice.pick(recorded(kind));
  const from = dice.oneOf(
    () => (base.line.includes('{"bigint":') ? dice.pick(records) : (base.input as object)),
    () => dice.pick(records),
    () => freshRecord(dice),
  );
  return {
    kind,
    ...(base.class !== undefined && { class: base.class }),
    config: (dice.chance(0.7) ? base.config : mutate(dice, base.config, 4)) as Record<string, string>,
    input: dice.chance(0.5) ? from : mutate(dice, from, 8),
  };
}

/** Recorded transformations, some behind a predicate, in a row. */
function chainOf(dice: Dice): VectorCase {
  const steps = [dice.pick(recorded('transform')), ...dice.some(2, () => dice.pick(recorded('transform')))];
  const aliases = steps.map((_, index) => `s${index}`);
  const guard = dice.pick(recorded('predicate'));
  const config: Record<string, string | null> = { transforms: aliases.join(dice.pick([',', ', '])) };
  for (const [index, step] of steps.entries()) {
    config[`transforms.s${index}.type`] = step.class ?? '';
    for (const [key, item] of Object.entries(step.config ?? {}))
      if (item !== null) config[`transforms.s${index}.${key}`] = item;
    if (!dice.chance(0.3)) continue;
    config['predicates'] = 'p';
    config['predicates.p.type'] = guard.class ?? '';
    for (const [key, item] of Object.entries(guard.config ?? {}))
      if (item !== null) config[`predicates.p.${key}`] = item;
    config[`transforms.s${index}.predicate`] = dice.chance(0.95) ? 'p' : 'q';
    if (dice.chance(0.4)) config[`transforms.s${index}.negate`] = dice.pick(['true', 'false', 'x']);
  }
  return {
    ...steps[0]!,
    kind: 'chain',
    class: 'org.apache.kafka.connect.runtime.TransformationStage',
    config,
  };
}

function freshRecord(dice: Dice): object {
  const side = (): { schema: unknown; value: unknown } => {
    if (dice.chance(0.4)) return data(dice, 0);
    if (dice.chance(0.4))
      return {
        schema: null,
        value: {
          map: [
            [{ string: 'id' }, schemaless(dice, 1)],
            [{ string: 'f' }, schemaless(dice, 2)],
          ],
        },
      };
    const schema = structSchema(dice, 2);
    return { schema, value: value(dice, schema) };
  };
  const [key, payload] = [side(), side()];
  return {
    recordType: 'source',
    topic: dice.pick(['t', 'topic', 'a.b', text(dice)]),
    partition: dice.pick([null, 0, 3]),
    timestamp: dice.pick([null, '0', '1483425001864', '-1']),
    keySchema: key.schema,
    key: key.value,
    valueSchema: payload.schema,
    value: payload.value,
    headers: dice.some(2, () => ({ key: dice.pick(['h', 'magic', text(dice)]), ...data(dice, 0) })),
  };
}
