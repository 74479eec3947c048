import type { TaggedSchema } from '../../../conformance/codec/decode-schema.ts';
import type { Dice } from './dice.ts';
import { name, text } from './texts.ts';
import { value } from './values.ts';

const primitives = 'int8 int16 int32 int64 float32 float64 boolean string string bytes'.split(' ');
const logical = 'org.apache.kafka.connect.data';

/** A schema of any type, nested at most `depth` deep. */
export function schema(dice: Dice, depth: number): TaggedSchema {
  const bare = decorate(dice, bareSchema(dice, depth));
  return dice.chance(0.2) ? { ...bare, default: value(dice, { ...bare, optional: false }) } : bare;
}

function bareSchema(dice: Dice, depth: number): TaggedSchema {
  if (dice.chance(0.25)) return logicalSchema(dice);
  if (depth <= 0 || dice.chance(0.5)) return { type: dice.pick(primitives) };
  return dice.oneOf<TaggedSchema>(
    () => ({ type: 'array', valueSchema: schema(dice, depth - 1) }),
    () => ({
      type: 'map',
      keySchema: dice.chance(0.7) ? { type: 'string', optional: dice.chance(0.1) } : schema(dice, 0),
      valueSchema: schema(dice, depth - 1),
    }),
    () => structSchema(dice, depth),
    () => structSchema(dice, depth),
  );
}

export function structSchema(dice: Dice, depth: number): TaggedSchema {
  const names = [...new Set(dice.some(5, () => name(dice)))];
  return { type: 'struct', fields: names.map((field) => ({ field, ...schema(dice, depth - 1) })) };
}

function logicalSchema(dice: Dice): TaggedSchema {
  return dice.oneOf<TaggedSchema>(
    () => ({
      type: 'bytes',
      name: `${logical}.Decimal`,
      version: 1,
      parameters: { scale: String(dice.pick([0, 2, 2, 10, -2])) },
    }),
    () => ({ type: 'int32', name: `${logical}.Date`, version: 1 }),
    () => ({ type: 'int32', name: `${logical}.Time`, version: 1 }),
    () => ({ type: 'int64', name: `${logical}.Timestamp`, version: 1 }),
  );
}

/** What every schema may have besides its type. */
function decorate(dice: Dice, bare: TaggedSchema): TaggedSchema {
  const isLogical = bare.name !== undefined;
  return {
    ...bare,
    optional: dice.chance(0.4),
    ...(!isLogical && dice.chance(0.15) && { name: dice.pick(['n', 'org.x.Y', text(dice)]) }),
    ...(dice.chance(0.1) && { version: dice.pick([0, 1, 2, -1, 2147483647]) }),
    ...(dice.chance(0.1) && { doc: text(dice) }),
    ...(!isLogical && dice.chance(0.1) && { parameters: { [text(dice)]: text(dice), p: 'q' } }),
  };
}
