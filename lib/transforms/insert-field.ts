import { ConfigDef, type ConfigKeys, type ParsedConfig } from '../api/config-def.ts';
import { Int32 } from '../api/data/boxed.ts';
import { Instant } from '../api/data/instant.ts';
import { optionalTimestampSchema, timestampSchema } from '../api/data/logical.ts';
import * as schemas from '../api/data/schema.ts';
import { fromLong } from '../api/data/schemaless.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { ConfigError, DataError } from '../api/errors.ts';
import type { ConnectRecord } from '../api/record.ts';
import type { SideContent, TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxExtension, replaceNullWithDefault } from './core/config-keys.ts';
import { editMap } from './core/edit-map.ts';
import { FieldTree, type Insertion } from './core/field-tree.ts';
import { requireMap, requireStruct } from './core/requirements.ts';
import { perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';
import { fieldsChange, StructPlan } from './core/struct-plan.ts';

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
  ...fieldSyntaxExtension('the names of the new fields are plain names'),
} as const satisfies ConfigKeys;

const purpose = 'field insertion';

/** One field to insert. `valueOf` is undefined where Connect puts nothing, not even null. */
interface RecordInsertion extends Insertion {
  /** In the form it has under `schema`. */
  readonly valueOf: (record: ConnectRecord) => ConnectValue | undefined;
  /** The same value as it stands without a schema. */
  readonly schemalessOf: (record: ConnectRecord) => ConnectValue;
}

/** Adds fields that tell where a record came from, or a fixed text. */
const insertField: SideTransformation<typeof keys> = {
  name: 'InsertField',
  configDef: new ConfigDef(keys),
  create(config) {
    const insertions = insertionsOf(config);
    const tree = FieldTree.ofInsertions(insertions);
    const options = { withDefault: config['replace.null.with.default'], keepsOptional: false };
    const planOf = perSchema((schema) => new StructPlan(schema, tree, options));
    const insertedOf = (record: ConnectRecord) => insertions.map(({ valueOf }) => valueOf(record));
    return {
      apply(content: SideContent, record: ConnectRecord) {
        const { schema, value } = content;
        if (value === null) return content;
        if (schema === null) {
          const map = requireMap(value, purpose);
          const inserted = insertions.map(({ schemalessOf }) => schemalessOf(record));
          return { schema, value: editMap(map, tree, inserted) };
        }
        const struct = requireStruct(value, purpose, schema);
        const plan = planOf(struct.schema);
        return { schema: plan.schema, value: plan.apply(struct, insertedOf(record)) };
      },
      fieldsChange: fieldsChange(planOf, insertedOf),
    };
  },
};

function insertionsOf(config: ParsedConfig<typeof keys>): RecordInsertion[] {
  const insertions: RecordInsertion[] = [];
  const add = (
    spec: string | null,
    schemaPair: readonly [schemas.Schema, schemas.Schema],
    values: Omit<RecordInsertion, keyof Insertion>,
  ): void => {
    if (spec === null) return;
    const schema = schemaPair[spec.endsWith('!') ? 0 : 1];
    insertions.push({ path: fieldPath(spec.replace(/[!?]$/, ''), config), schema, ...values });
  };
  const same = (valueOf: (record: ConnectRecord) => ConnectValue) => ({ valueOf, schemalessOf: valueOf });
  const text = [schemas.stringSchema, schemas.optionalStringSchema] as const;
  add(
    config['topic.field'],
    text,
    same((record) => record.topic),
  );
  add(config['partition.field'], [schemas.int32Schema, schemas.optionalInt32Schema], {
    valueOf: ({ kafkaPartition }) => kafkaPartition ?? undefined,
    schemalessOf: ({ kafkaPartition }) =>
      typeof kafkaPartition === 'number' ? new Int32(kafkaPartition) : null,
  });
  add(config['offset.field'], [schemas.int64Schema, schemas.optionalInt64Schema], {
    valueOf: sinkOffset,
    schemalessOf: (record) => fromLong(sinkOffset(record)),
  });
  add(config['timestamp.field'], [timestampSchema, optionalTimestampSchema], {
    valueOf: ({ timestamp }) => (typeof timestamp === 'number' ? new Instant(timestamp) : undefined),
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
