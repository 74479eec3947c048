import { ConfigDef, type ConfigKeys, type ParsedConfig } from '../api/config-def.ts';
import { nonEmptyList, oneOf } from '../api/config-def/validators.ts';
import type { Header } from '../api/headers.ts';
import { ConfigError, ConnectError, DataError } from '../api/errors.ts';
import { readSide, writeSide } from '../api/record-side.ts';
import type { RecordSide, SideContent, TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxExtension, replaceNullWithDefault } from './core/config-keys.ts';
import { editMap } from './core/edit-map.ts';
import type { FieldPath } from './core/field-path.ts';
import { FieldTree } from './core/field-tree.ts';
import { requireMap, requireStruct } from './core/requirements.ts';
import { perSchema } from './core/schemas.ts';
import { recordPlugin } from './core/side-plugin.ts';
import { StructPlan } from './core/struct-plan.ts';

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
  ...fieldSyntaxExtension('`fields` are plain names'),
} as const satisfies ConfigKeys;

const configDef = new ConfigDef(keys);

/** Makes headers of fields. Headers are appended, never replaced. */
function headerFrom(side: RecordSide): TransformationPlugin {
  return recordPlugin(`HeaderFrom$${side}`, configDef, (config) => {
    if (config.fields.length !== config.headers.length) {
      throw new ConfigError("'fields' config must have the same number of elements as 'headers' config.");
    }
    const paths = config.fields.map((field) => fieldPath(field, config));
    const [ofStruct, ofMap] = [splitStruct(config, paths), splitMap(config, paths)];
    return (record) => {
      const before = readSide(record, side);
      const { content, headers } = before.schema === null ? ofMap(before) : ofStruct(before);
      return { ...writeSide(record, side, content), headers: [...(record.headers ?? []), ...headers] };
    };
  });
}

type Split = (content: SideContent) => { readonly content: SideContent; readonly headers: readonly Header[] };

const withoutMoved = (paths: readonly FieldPath[]): FieldTree =>
  FieldTree.of(paths.map((path) => [path, { drop: true }]));

function splitStruct(config: ParsedConfig<typeof keys>, paths: readonly FieldPath[]): Split {
  const withDefault = config['replace.null.with.default'];
  const rest = withoutMoved(paths);
  const planOf = perSchema((schema) => new StructPlan(schema, rest, { withDefault, keepsOptional: false }));
  const schemasOf = perSchema((schema) => paths.map((path) => path.copySchema(schema)));
  return ({ schema, value }) => {
    const struct = requireStruct(value, `header ${config.operation}`, schema);
    const headerSchemas = schemasOf(struct.schema);
    const headers = paths.map((path, i): Header => {
      const headerSchema = headerSchemas[i];
      if (headerSchema === undefined)
        throw new ConnectError(`The value has no field ${config.fields[i]} to make a header of`, {
          hint: 'Name fields that every value has, or put a predicate before.',
        });
      const header = path.valueFromStruct(struct, withDefault);
      // ConnectHeaders.checkSchemaMatches
      if (header === null && !headerSchema.optional)
        throw new DataError(`A null value requires an optional schema but was ${headerSchema}`);
      return { key: config.headers[i] ?? '', schema: headerSchema, value: header };
    });
    if (config.operation === 'copy') return { content: { schema, value: struct }, headers };
    const plan = planOf(struct.schema);
    return { content: { schema: plan.schema, value: plan.apply(struct) }, headers };
  };
}

function splitMap(config: ParsedConfig<typeof keys>, paths: readonly FieldPath[]): Split {
  const rest = withoutMoved(config.operation === 'move' ? paths : []);
  return ({ value }) => {
    const map = requireMap(value, `header ${config.operation}`);
    const headers = paths.map(
      (path, i): Header => ({ key: config.headers[i] ?? '', schema: null, value: path.valueFromMap(map) }),
    );
    return { content: { schema: null, value: editMap(map, rest) }, headers };
  };
}

export const headerFromKey: TransformationPlugin = headerFrom('Key');
export const headerFromValue: TransformationPlugin = headerFrom('Value');
