import type { TaggedSchema } from '../../../conformance/codec/decode-schema.ts';
import type { Question } from '../start-oracle.ts';
import type { Dice } from './dice.ts';
import { schema, structSchema } from './schemas.ts';
import { name, text } from './texts.ts';
import { logicalValue, primitive, schemaless, value } from './values.ts';

const classes: Readonly<Record<string, string>> = {
  build: 'SchemaBuilder',
  validateValue: 'ConnectSchema',
  equals: 'ConnectSchema',
  project: 'SchemaProjector',
  toLogical: 'Decimal',
  fromLogical: 'Decimal',
  struct: 'Struct',
};

export function schemaQuestion(dice: Dice): Omit<Question, 'id'> {
  const op = dice.pick(Object.keys(classes));
  const make = inputs[op];
  if (make === undefined) throw new Error(`No inputs for ${op}`);
  return { kind: 'schema', class: `org.apache.kafka.connect.data.${classes[op]}`, op, input: make(dice) };
}

const inputs: Readonly<Record<string, (dice: Dice) => unknown>> = {
  build: (dice) => [start(dice), ...dice.some(6, () => call(dice))],
  validateValue: (dice) => {
    const under = schema(dice, 2);
    return { schema: under, value: anyValue(dice, under) };
  },
  equals: (dice) => {
    const a = schema(dice, 2);
    return { a, b: dice.chance(0.8) ? variant(dice, a) : schema(dice, 2) };
  },
  project: (dice) => {
    const source = schema(dice, 2);
    return { source, target: variant(dice, source), value: value(dice, source) };
  },
  toLogical: (dice) => logicalInput(dice, true),
  fromLogical: (dice) => logicalInput(dice, false),
  struct: structInput,
};

const anyValue = (dice: Dice, under: TaggedSchema): unknown =>
  dice.chance(0.6)
    ? value(dice, under, 0.1)
    : dice.chance(0.3)
      ? value(dice, schema(dice, 2))
      : schemaless(dice, 2);

const types = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'string',
  'bytes',
  'struct',
  'array',
  'map',
];

const start = (dice: Dice): unknown[] =>
  dice.oneOf<unknown[]>(
    () => ['type', dice.pick(types.slice(0, 10))],
    () => ['struct'],
    () => ['array', dice.chance(0.95) ? schema(dice, 1) : null],
    () => ['map', dice.chance(0.95) ? schema(dice, 0) : null, dice.chance(0.95) ? schema(dice, 1) : null],
    () => dice.pick([['decimal', dice.int(-2, 5)], ['date'], ['time'], ['timestamp']]),
  );

const call = (dice: Dice): unknown[] =>
  dice.oneOf<unknown[]>(
    () => ['optional'],
    () => ['required'],
    () => [
      'defaultValue',
      dice.chance(0.1)
        ? null
        : dice.chance(0.7)
          ? primitive(dice, dice.pick(types.slice(0, 9)))
          : schemaless(dice, 1),
    ],
    () => ['name', text(dice)],
    () => ['version', dice.int(-1, 3)],
    () => ['doc', text(dice)],
    () => ['parameter', text(dice), text(dice)],
    () => ['parameters', Object.fromEntries(dice.some(2, () => [name(dice), text(dice)]))],
    () => [
      'field',
      dice.chance(0.95) ? name(dice) : dice.pick([null, '']),
      dice.chance(0.95) ? schema(dice, 1) : null,
    ],
    () => ['field', name(dice), schema(dice, 1)],
  );

/** The same schema with a part changed here and there. */
function variant(dice: Dice, original: TaggedSchema): TaggedSchema {
  const changed: TaggedSchema = {
    ...original,
    ...(dice.chance(0.2) && { optional: original.optional !== true }),
    ...(dice.chance(0.25) &&
      types.indexOf(original.type) < 6 &&
      types.includes(original.type) &&
      original.default === undefined && { type: dice.pick(types.slice(0, 6)) }),
    ...(dice.chance(0.05) && { type: 'string', default: { string: 'd' } }),
    ...(dice.chance(0.05) && { doc: text(dice) }),
    ...(dice.chance(0.05) && { version: dice.int(0, 3) }),
    ...(dice.chance(0.03) && { parameters: { p: text(dice) } }),
  };
  if (dice.chance(0.15)) return { ...changed, default: value(dice, { ...changed, optional: false }) };
  return nestedVariant(dice, changed);
}

function nestedVariant(dice: Dice, { default: _default, ...changed }: TaggedSchema): TaggedSchema {
  const fields = changed.fields
    ?.filter(() => dice.chance(0.9))
    .map((field) => ({ ...variant(dice, field), field: field.field }));
  const extra =
    dice.chance(0.3) && fields?.every(({ field }) => field !== 'extra') === true
      ? [{ field: 'extra', ...schema(dice, 1) }]
      : [];
  return {
    ...changed,
    ...(fields !== undefined && { fields: [...fields, ...extra] }),
    ...(changed.keySchema && { keySchema: variant(dice, changed.keySchema) }),
    ...(changed.valueSchema && { valueSchema: variant(dice, changed.valueSchema) }),
  };
}

function logicalInput(dice: Dice, isEncoded: boolean): unknown {
  const logical = dice.pick(['Decimal', 'Date', 'Time', 'Timestamp']);
  const type = logical === 'Decimal' ? 'bytes' : logical === 'Timestamp' ? 'int64' : 'int32';
  const own: TaggedSchema = {
    type,
    name: `org.apache.kafka.connect.data.${dice.chance(0.95) ? logical : 'Date'}`,
    version: 1,
    ...(logical === 'Decimal' &&
      dice.chance(0.95) && { parameters: { scale: dice.pick(['0', '2', '-3', '10', 'x', '+2', ' 1', '']) } }),
  };
  const sound = { ...own, name: `org.apache.kafka.connect.data.${logical}` };
  const raw = isEncoded ? primitive(dice, type) : logicalValue(dice, sound);
  const isSound = isEncoded
    ? !('bytebuffer' in (raw as object))
    : 'date' in (raw as object) || 'decimal' in (raw as object);
  return isSound ? { logical, schema: own, value: raw } : logicalInput(dice, isEncoded);
}

const getters = [
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'Float32',
  'Float64',
  'Boolean',
  'String',
  'Bytes',
  'Array',
  'Map',
  'Struct',
];

function structInput(dice: Dice): unknown {
  const under = structSchema(dice, 2);
  const fields = under.fields ?? [];
  const fieldName = (): string =>
    dice.chance(0.95) && fields.length > 0 ? dice.pick(fields).field : text(dice);
  const put = (field: string): unknown[] => {
    const own = fields.find((each) => each.field === field);
    return ['put', field, own === undefined ? schemaless(dice, 1) : anyValue(dice, own)];
  };
  const op = (): unknown[] =>
    dice.oneOf<unknown[]>(
      () => put(fieldName()),
      () => [dice.pick(['get', 'getWithoutDefault']), fieldName()],
      () => [`get${dice.pick(getters)}`, fieldName()],
      () => dice.pick([['validate'], ['toString'], ['equals', value(dice, under)]]),
    );
  return {
    schema: under,
    ops: [...fields.filter(() => dice.chance(0.8)).map(({ field }) => put(field)), ...dice.some(8, op)],
  };
}
