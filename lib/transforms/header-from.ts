import { ConfigDef, type ConfigKeys, type ParsedConfig } from '../api/config-def.ts';
import { nonEmptyList, oneOf } from '../api/config-def/validators.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import { Struct } from '../api/data/struct.ts';
import type { Header } from '../api/headers.ts';
import { ConfigError, ConnectError } from '../api/errors.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { replaceNullWithDefault } from './core/config-keys.ts';
import { readSide, type RecordSide, type SideContent, writeSide } from './core/record-side.ts';
import { fieldsOf, requireMap, requireStruct } from './core/requirements.ts';
import { entriesOf, getFrom, likeMap } from './core/schemaless-map.ts';
import { copyBasics, fieldValue, perSchema } from './core/schemas.ts';
import { recordPlugin } from './core/side-plugin.ts';

const keys = {
  fields: {
    type: 'LIST',
    validator: nonEmptyList,
    importance: 'HIGH',
    doc: 'The fields to make headers of.',
  },
  headers: {
    type: 'LIST',
    validator: nonEmptyList,
    importance: 'HIGH',
    doc: 'The names of the headers, in the order of the fields.',
  },
  operation: {
    type: 'STRING',
    validator: oneOf('move', 'copy'),
    importance: 'HIGH',
    doc: 'Whether the fields are removed (`move`) or kept (`copy`).',
  },
  ...replaceNullWithDefault,
} as const satisfies ConfigKeys;

const configDef = new ConfigDef(keys);

type Split = (content: SideContent) => { readonly content: SideContent; readonly headers: readonly Header[] };

/** Makes headers of fields. Headers are appended, never replaced. */
function headerFrom(side: RecordSide): TransformationPlugin {
  return recordPlugin(`HeaderFrom$${side}`, configDef, (config) => {
    if (config.fields.length !== config.headers.length) {
      throw new ConfigError("'fields' config must have the same number of elements as 'headers' config.");
    }
    const [ofStruct, ofMap] = [splitStruct(config), splitMap(config)];
    return (record) => {
      const before = readSide(record, side);
      const { content, headers } = before.schema === null ? ofMap(before) : ofStruct(before);
      return { ...writeSide(record, side, content), headers: [...(record.headers ?? []), ...headers] };
    };
  });
}

function splitStruct(config: ParsedConfig<typeof keys>): Split {
  const withDefault = config['replace.null.with.default'];
  const moved = new Set(config.operation === 'move' ? config.fields : []);
  const remaining = perSchema((schema) => {
    const builder = copyBasics(schema, SchemaBuilder.struct());
    for (const field of fieldsOf(schema)) if (!moved.has(field.name)) builder.field(field.name, field.schema);
    return builder.build();
  });
  return ({ schema, value }) => {
    const struct = requireStruct(value, `header ${config.operation}`, schema);
    const headers = config.fields.map((name, i): Header => {
      const field = struct.schema.field(name);
      if (field === undefined) throw new ConnectError(`The value has no field ${name} to make a header of`);
      return {
        key: config.headers[i] ?? '',
        schema: field.schema,
        value: fieldValue(struct, field, withDefault),
      };
    });
    if (config.operation === 'copy') return { content: { schema, value: struct }, headers };
    const kept = struct.schema.fields.filter((field) => !moved.has(field.name));
    const rest = remaining(struct.schema);
    return {
      content: {
        schema: rest,
        value: Struct.of(
          rest,
          kept.map((field) => fieldValue(struct, field, withDefault)),
        ),
      },
      headers,
    };
  };
}

function splitMap(config: ParsedConfig<typeof keys>): Split {
  const moved = new Set(config.operation === 'move' ? config.fields : []);
  return ({ value }) => {
    const map = requireMap(value, `header ${config.operation}`);
    const headers = config.fields.map(
      (name, i): Header => ({ key: config.headers[i] ?? '', schema: null, value: getFrom(map, name) }),
    );
    const kept = entriesOf(map).filter(([key]) => typeof key !== 'string' || !moved.has(key));
    return { content: { schema: null, value: likeMap(map, kept) }, headers };
  };
}

export const headerFromKey: TransformationPlugin = headerFrom('Key');
export const headerFromValue: TransformationPlugin = headerFrom('Value');
