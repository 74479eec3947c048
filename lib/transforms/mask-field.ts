import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { listOf, nonEmptyString } from '../api/config-def/validators.ts';
import { BigInteger } from '../api/data/big-integer.ts';
import { Float32, Float64, Int16, Int32, Int8 } from '../api/data/boxed.ts';
import { Decimal } from '../api/data/decimal.ts';
import { Instant } from '../api/data/instant.ts';
import { isPlainObject, javaClassOf, type NumericType, numericTypeOf } from '../api/data/java-class.ts';
import type { Schema } from '../api/data/schema.ts';
import { fromDouble, fromLong, underSchema } from '../api/data/schemaless.ts';
import type { ConnectValue } from '../api/data/value.ts';
import * as values from '../api/data/values.ts';
import { parseBigInteger, parseDecimal } from '../api/data/values-numbers.ts';
import { DataError } from '../api/errors.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxExtension, replaceNullWithDefault } from './core/config-keys.ts';
import { editMap } from './core/edit-map.ts';
import { type Conversion, FieldTree } from './core/field-tree.ts';
import { requireMap, requireStruct } from './core/requirements.ts';
import { perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';
import { fieldsChange, StructPlan } from './core/struct-plan.ts';

const keys = {
  fields: {
    type: 'LIST',
    validator: listOf({ allowEmpty: false }),
    importance: 'HIGH',
    doc: 'The fields to mask.',
  },
  replacement: {
    type: 'STRING',
    default: null,
    validator: nonEmptyString,
    importance: 'LOW',
    doc: 'What numbers and strings are replaced by, read as their type. Without it the mask is 0, false, empty text or an empty list.',
  },
  ...replaceNullWithDefault,
  ...fieldSyntaxExtension('`fields` are plain names'),
} as const satisfies ConfigKeys;

const purpose = 'mask fields';

/** Replaces the values of fields; null stays null. */
const maskField: SideTransformation<typeof keys> = {
  name: 'MaskField',
  configDef: new ConfigDef(keys),
  create(config) {
    const masking: Conversion = {
      schema: (schema) => schema,
      value(value, schema) {
        if (value === null) return null;
        const { replacement } = config;
        return underSchema(
          replacement === null ? zero(value, schema) : replaced(value, schema, replacement),
          schema,
        );
      },
    };
    const tree = FieldTree.of(config.fields.map((field) => [fieldPath(field, config), { convert: masking }]));
    const options = { withDefault: config['replace.null.with.default'], keepsOptional: true };
    const planOf = perSchema((schema) => new StructPlan(schema, tree, options));
    return {
      apply: ({ schema, value }) => {
        if (schema === null) return { schema, value: editMap(requireMap(value, purpose), tree) };
        const struct = requireStruct(value, purpose, schema);
        return { schema, value: planOf(struct.schema).apply(struct) };
      },
      fieldsChange: fieldsChange(planOf),
    };
  },
};

const zeros: Readonly<Record<NumericType, ConnectValue>> = {
  INT8: new Int8(0),
  INT16: new Int16(0),
  INT32: new Int32(0),
  INT64: 0,
  FLOAT32: new Float32(0),
  FLOAT64: new Float64(0),
};

function zero(value: ConnectValue, schema: Schema | null): ConnectValue {
  const type = numericTypeOf(value, schema);
  if (type !== null) return zeros[type];
  if (typeof value === 'string') return '';
  if (typeof value === 'boolean') return false;
  if (value instanceof Instant) return new Instant(0);
  if (value instanceof Decimal) return new Decimal(0n, 0);
  if (value instanceof BigInteger) return new BigInteger(0n);
  if (Array.isArray(value)) return [];
  if (value instanceof Map) return new Map();
  if (isPlainObject(value)) return {};
  throw new DataError(`Cannot mask value of type: class ${javaClassOf(value, schema)}`);
}

/** Each type reads the replacement in its own way: integers lose fractions and wrap. */
const readers: Readonly<Record<NumericType, (text: string) => ConnectValue>> = {
  INT8: (text) => new Int8(values.convertToByte(null, text) ?? 0),
  INT16: (text) => new Int16(values.convertToShort(null, text) ?? 0),
  INT32: (text) => new Int32(values.convertToInteger(null, text) ?? 0),
  INT64: (text) => fromLong(values.convertToLong(null, text) ?? 0n),
  FLOAT32: (text) => new Float32(values.convertToFloat(null, text) ?? 0),
  FLOAT64: (text) => fromDouble(values.convertToDouble(null, text) ?? 0),
};

function replaced(value: ConnectValue, schema: Schema | null, replacement: string): ConnectValue {
  const type = numericTypeOf(value, schema);
  if (type !== null) return readers[type](replacement);
  if (typeof value === 'string') return replacement;
  const exact = exactReplacement(value, replacement);
  if (exact === undefined) {
    throw new DataError(
      `Cannot mask value of type class ${javaClassOf(value, schema)} with custom replacement.`,
    );
  }
  if (exact === null)
    throw new DataError(`Unable to convert ${replacement} (class java.lang.String) to number`);
  return exact;
}

/** Undefined for a value that is no exact number; null for a replacement that is none. */
function exactReplacement(value: ConnectValue, replacement: string): ConnectValue | undefined {
  if (value instanceof Decimal) return parseDecimal(replacement);
  return value instanceof BigInteger ? parseBigInteger(replacement) : undefined;
}

export const maskFieldKey: TransformationPlugin = sidePlugin('Key', maskField);
export const maskFieldValue: TransformationPlugin = sidePlugin('Value', maskField);
