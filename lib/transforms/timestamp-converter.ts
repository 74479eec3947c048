import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { oneOf } from '../api/config-def/validators.ts';
import type { Schema } from '../api/data/schema.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { ConfigError } from '../api/errors.ts';
import { systemClock } from '../foundation/clock.ts';
import { SimpleDateFormat } from '../foundation/java/simple-date-format.ts';
import { javaTrim } from '../foundation/java/text.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxExtension, replaceNullWithDefault } from './core/config-keys.ts';
import { editMap } from './core/edit-map.ts';
import { type Conversion, FieldTree } from './core/field-tree.ts';
import { requireMap, requireStructOrNull } from './core/requirements.ts';
import { perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';
import { StructPlan } from './core/struct-plan.ts';
import {
  inferTimestampType,
  schemaOfType,
  timestampTypeOf,
  timestampTypes,
  TimestampTranslator,
} from './core/timestamp-types.ts';

const precisions = ['nanoseconds', 'microseconds', 'milliseconds', 'seconds'] as const;

const keys = {
  field: {
    type: 'STRING',
    default: '',
    importance: 'HIGH',
    doc: 'The field to convert; empty converts the whole value.',
  },
  'target.type': {
    type: 'STRING',
    validator: oneOf(...timestampTypes),
    importance: 'HIGH',
    doc: 'What to convert to: string, unix (a number), Date, Time or Timestamp.',
  },
  format: {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    doc: 'The SimpleDateFormat pattern of text, read or written, in UTC.',
  },
  'unix.precision': {
    type: 'STRING',
    default: 'milliseconds',
    validator: oneOf(...precisions),
    importance: 'LOW',
    doc: 'The unit of unix numbers: seconds, milliseconds, microseconds or nanoseconds.',
  },
  ...replaceNullWithDefault,
  ...fieldSyntaxExtension('`field` is a plain name'),
} as const satisfies ConfigKeys;

const purpose = 'converting timestamp formats';

/** Converts between text, unix numbers and the logical types Date, Time and Timestamp. */
const timestampConverter: SideTransformation<typeof keys> = {
  name: 'TimestampConverter',
  configDef: new ConfigDef(keys),
  create(config) {
    const target = config['target.type'] as (typeof timestampTypes)[number];
    const translator = new TimestampTranslator(
      dateFormat(config.format, target),
      config.format,
      config['unix.precision'],
    );
    const convert = (value: ConnectValue, schema: Schema | null): ConnectValue => {
      const from = schema === null ? null : timestampTypeOf(schema);
      if (value === null) return null;
      return translator.fromInstant(translator.toInstant(value, from ?? inferTimestampType(value)), {
        target,
        schemaless: schema === null,
      });
    };
    const conversion: Conversion = {
      schema: (schema) => schemaOfType(target, schema.optional),
      value: convert,
    };
    const tree = FieldTree.of([[fieldPath(config.field, config), { convert: conversion }]]);
    const options = { withDefault: config['replace.null.with.default'], keepsOptional: true };
    const planOf = perSchema((schema) => new StructPlan(schema, tree, options));
    return ({ schema, value }) => {
      if (config.field === '' || (schema === null && value === null)) {
        return {
          schema: schema === null ? null : schemaOfType(target, schema.optional),
          value: convert(value, schema),
        };
      }
      if (schema === null) return { schema, value: editMap(requireMap(value, purpose), tree) };
      const struct = requireStructOrNull(value, purpose, schema);
      const plan = planOf(schema);
      return { schema: plan.schema, value: struct === null ? null : plan.apply(struct) };
    };
  },
};

function dateFormat(pattern: string, target: string): SimpleDateFormat | null {
  if (javaTrim(pattern) === '') {
    if (target !== 'string') return null;
    throw new ConfigError(
      'TimestampConverter requires format option to be specified when using string timestamps',
    );
  }
  try {
    // The day the task starts decides which century a two-digit year is in, as in Java.
    return new SimpleDateFormat(pattern, systemClock.now());
  } catch (error) {
    throw ConfigError.invalid(
      `TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: ${pattern}`,
      `java.lang.IllegalArgumentException: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

export const timestampConverterKey: TransformationPlugin = sidePlugin('Key', timestampConverter);
export const timestampConverterValue: TransformationPlugin = sidePlugin('Value', timestampConverter);
