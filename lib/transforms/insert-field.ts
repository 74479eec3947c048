import { ConfigDef, type ConfigKeys, type ParsedConfig } from '../api/config-def.ts';
import { Int32 } from '../api/data/boxed.ts';
import { Instant } from '../api/data/instant.ts';
import { optionalTimestampSchema, timestampSchema } from '../api/data/logical.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import * as schemas from '../api/data/schema.ts';
import { fromLong } from '../api/data/schemaless.ts';
import { Struct } from '../api/data/struct.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { ConfigError, DataError } from '../api/errors.ts';
import type { ConnectRecord } from '../api/record.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { replaceNullWithDefault } from './core/config-keys.ts';
import { fieldsOf, requireMap, requireStruct } from './core/requirements.ts';
import { withEntries } from './core/schemaless-map.ts';
import { copyBasics, fieldValue, perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';

const fieldKey = (what: string) =>
  ({
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `The field for ${what}. A \`!\` at its end makes it required, a \`?\` optional, which it is anyway.`,
  }) as const;

const keys = {
  'topic.field': fieldKey("the record's topic"),
  'partition.field': fieldKey("the record's partition"),
  'offset.field': fieldKey("the record's offset; sinks only"),
  'timestamp.field': fieldKey("the record's timestamp"),
  'static.field': fieldKey('the text in static.value'),
  'static.value': { type: 'STRING', default: null, importance: 'MEDIUM', doc: 'The text for static.field.' },
  ...replaceNullWithDefault,
} as const satisfies ConfigKeys;

const purpose = 'field insertion';

/** One field to insert. `valueOf` is null where the record has nothing for it. */
interface Insertion {
  readonly name: string;
  readonly schema: schemas.Schema;
  /** In the form it has under `schema`. */
  readonly valueOf: (record: ConnectRecord) => ConnectValue;
  /** The same value as it stands without a schema. */
  readonly schemalessOf: (record: ConnectRecord) => ConnectValue;
}

/** Adds fields that tell where a record came from, or a fixed text. */
const insertField: SideTransformation<typeof keys> = {
  name: 'InsertField',
  configDef: new ConfigDef(keys),
  create(config) {
    const insertions = insertionsOf(config);
    const withDefault = config['replace.null.with.default'];
    const schemaOf = perSchema((schema) => {
      const builder = copyBasics(schema, SchemaBuilder.struct());
      for (const field of fieldsOf(schema)) builder.field(field.name, field.schema);
      for (const { name, schema: inserted } of insertions) builder.field(name, inserted);
      return builder.build();
    });
    return (content, record) => {
      if (content.value === null) return content;
      if (content.schema === null) {
        const map = requireMap(content.value, purpose);
        const added = insertions.map(({ name, schemalessOf }) => [name, schemalessOf(record)] as const);
        return {
          schema: null,
          value: withEntries(
            map,
            added.filter(([, value]) => value !== null),
          ),
        };
      }
      const struct = requireStruct(content.value, purpose, content.schema);
      const schema = schemaOf(struct.schema);
      const values = struct.schema.fields.map((field) => fieldValue(struct, field, withDefault));
      return {
        schema,
        value: Struct.of(schema, [...values, ...insertions.map(({ valueOf }) => valueOf(record))]),
      };
    };
  },
};

function insertionsOf(config: ParsedConfig<typeof keys>): Insertion[] {
  const insertions: Insertion[] = [];
  const add = (
    spec: string | null,
    schemaPair: readonly [schemas.Schema, schemas.Schema],
    values: Omit<Insertion, 'name' | 'schema'>,
  ): void => {
    if (spec === null) return;
    const schema = schemaPair[spec.endsWith('!') ? 0 : 1];
    insertions.push({ name: spec.replace(/[!?]$/, ''), schema, ...values });
  };
  const same = (valueOf: (record: ConnectRecord) => ConnectValue) => ({ valueOf, schemalessOf: valueOf });
  const text = [schemas.stringSchema, schemas.optionalStringSchema] as const;
  add(
    config['topic.field'],
    text,
    same((record) => record.topic),
  );
  add(config['partition.field'], [schemas.int32Schema, schemas.optionalInt32Schema], {
    valueOf: ({ kafkaPartition }) => kafkaPartition ?? null,
    schemalessOf: ({ kafkaPartition }) =>
      typeof kafkaPartition === 'number' ? new Int32(kafkaPartition) : null,
  });
  add(config['offset.field'], [schemas.int64Schema, schemas.optionalInt64Schema], {
    valueOf: sinkOffset,
    schemalessOf: (record) => fromLong(sinkOffset(record)),
  });
  add(config['timestamp.field'], [timestampSchema, optionalTimestampSchema], {
    valueOf: ({ timestamp }) => (typeof timestamp === 'number' ? new Instant(timestamp) : null),
    schemalessOf: ({ timestamp }) => timestamp ?? null,
  });
  add(
    config['static.field'],
    text,
    same(() => config['static.value']),
  );
  if (insertions.length === 0) throw new ConfigError('No field insertion configured');
  if (config['static.field'] !== null && config['static.value'] === null) {
    throw ConfigError.invalid(
      'static.value',
      null,
      `No value specified for static field: ${config['static.field']}`,
    );
  }
  return insertions;
}

function sinkOffset(record: ConnectRecord): bigint {
  if ('kafkaOffset' in record && typeof record.kafkaOffset === 'bigint') return record.kafkaOffset;
  throw new DataError(
    `Only SinkRecord supported for [${purpose}], found: org.apache.kafka.connect.source.SourceRecord`,
  );
}

export const insertFieldKey: TransformationPlugin = sidePlugin('Key', insertField);
export const insertFieldValue: TransformationPlugin = sidePlugin('Value', insertField);
