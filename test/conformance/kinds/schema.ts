import { schemaEquals } from '../../../lib/api/data/equals.ts';
import type { Decimal } from '../../../lib/api/data/decimal.ts';
import type { Instant } from '../../../lib/api/data/instant.ts';
import * as logical from '../../../lib/api/data/logical.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import { project } from '../../../lib/api/data/schema-projector.ts';
import {
  int32Schema,
  int64Schema,
  bytesSchema,
  type Schema,
  type SchemaType,
} from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import { validateValue } from '../../../lib/api/data/validate-value.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import { errorDifference } from '../compare.ts';
import { decodeSchema, definitely, type TaggedSchema } from '../codec/decode-schema.ts';
import { decodeValue } from '../codec/decode-value.ts';
import { encodeSchema, encodeValue } from '../codec/encode.ts';
import { type RecordedError, Unsupported, type VectorCase } from '../vector-case.ts';

interface Input {
  readonly schema: TaggedSchema;
  readonly value: unknown;
  readonly a: TaggedSchema;
  readonly b: TaggedSchema;
  readonly source: TaggedSchema;
  readonly target: TaggedSchema;
  readonly logical: keyof typeof conversions;
  readonly ops: readonly StructOp[];
}

type StructOp = readonly [
  op: string,
  field?: string | null,
  value?: unknown,
  unused?: unknown,
  schema?: TaggedSchema,
];

const schemaOf = (tagged: TaggedSchema | null): Schema => definitely(decodeSchema(tagged));

export function schema(testCase: VectorCase): unknown {
  const input = testCase.input as Input;
  switch (testCase.op) {
    case 'build':
      return build(testCase.input as readonly BuilderCall[]);
    case 'validateValue': {
      const schema = schemaOf(input.schema);
      validateValue(schema, decodeValue(input.value, schema));
      return 'ok';
    }
    case 'equals':
      return schemaEquals(decodeSchema(input.a), decodeSchema(input.b));
    case 'project': {
      const [source, target] = [schemaOf(input.source), schemaOf(input.target)];
      return encodeValue(project(source, decodeValue(input.value, source), target), target);
    }
    case 'toLogical':
      return encodeValue(
        conversions[input.logical].to(
          schemaOf(input.schema),
          decodeValue(input.value, conversions[input.logical].raw),
        ),
        null,
      );
    case 'fromLogical':
      return encodeValue(
        conversions[input.logical].from(schemaOf(input.schema), decodeValue(input.value, null)),
        conversions[input.logical].raw,
      );
    case 'struct':
      return structResults(testCase, input);
    default:
      throw new Unsupported(`schema op ${testCase.op}`);
  }
}

const conversions = {
  Decimal: {
    raw: bytesSchema,
    to: (schema: Schema, value: ConnectValue) => logical.decimalFromBytes(schema, value as Uint8Array),
    from: (schema: Schema, value: ConnectValue) => logical.decimalToBytes(schema, value as Decimal),
  },
  Date: {
    raw: int32Schema,
    to: (schema: Schema, value: ConnectValue) => logical.dateFromDays(schema, value as number),
    from: (schema: Schema, value: ConnectValue) => logical.dateToDays(schema, value as Instant),
  },
  Time: {
    raw: int32Schema,
    to: (schema: Schema, value: ConnectValue) => logical.timeFromMillis(schema, value as number),
    from: (schema: Schema, value: ConnectValue) => logical.timeToMillis(schema, value as Instant),
  },
  Timestamp: {
    raw: int64Schema,
    to: (schema: Schema, value: ConnectValue) => logical.timestampFromMillis(schema, value as bigint),
    from: (schema: Schema, value: ConnectValue) => logical.timestampToMillis(schema, value as Instant),
  },
};

type BuilderCall = readonly [name: string, ...args: unknown[]];

function build(calls: readonly BuilderCall[]): unknown {
  const [first, ...rest] = calls;
  const builder = rest.reduce(call, start(definitely(first)));
  return encodeSchema(builder.build());
}

function start([name, ...args]: BuilderCall): SchemaBuilder {
  const schemas = () => args.map((arg) => decodeSchema(arg as TaggedSchema) as Schema) as [Schema, Schema];
  switch (name) {
    case 'type':
      return new SchemaBuilder(String(args[0]).toUpperCase() as SchemaType);
    case 'struct':
      return SchemaBuilder.struct();
    case 'array':
      return SchemaBuilder.array(schemas()[0]);
    case 'map':
      return SchemaBuilder.map(...schemas());
    case 'decimal':
      return logical.decimalBuilder(args[0] as number);
    case 'date':
      return logical.dateBuilder();
    case 'time':
      return logical.timeBuilder();
    case 'timestamp':
      return logical.timestampBuilder();
    default:
      throw new Unsupported(`builder ${name}`);
  }
}

function call(builder: SchemaBuilder, [name, ...args]: BuilderCall): SchemaBuilder {
  switch (name) {
    case 'optional':
      return builder.optional();
    case 'required':
      return builder.required();
    case 'defaultValue':
      return builder.defaultValue(decodeValue(args[0], builder.build()));
    case 'name':
      return builder.name(String(args[0]));
    case 'version':
      return builder.version(Number(args[0]));
    case 'doc':
      return builder.doc(String(args[0]));
    case 'parameter':
      return builder.parameter(String(args[0]), String(args[1]));
    case 'parameters':
      return builder.parameters(new Map(Object.entries(args[0] as Record<string, string>)));
    case 'field':
      return builder.field(args[0] as string, decodeSchema(args[1] as TaggedSchema) as Schema);
    default:
      throw new Unsupported(`builder call ${name}`);
  }
}

/** Operations run in order on one struct, and each has a result of its own, some of them errors. */
function structResults({ result }: VectorCase, input: Input): unknown {
  const struct = new Struct(schemaOf(input.schema));
  const recorded =
    'output' in result ? (result.output as { results: readonly { error?: RecordedError }[] }).results : [];
  return {
    results: input.ops.map((op, i) => {
      try {
        return { output: structOp(struct, op) };
      } catch (error) {
        const expected = recorded[i]?.error;
        const isExpected = expected !== undefined && errorDifference(expected, error) === null;
        return { error: isExpected ? expected : String(error) };
      }
    }),
  };
}

function structOp(struct: Struct, [op, name, value, , own]: StructOp): unknown {
  const field = name as string;
  const schema = struct.schema.field(field)?.schema ?? null;
  switch (op) {
    case 'put':
      struct.put(field, decodeValue(value, decodeSchema(own) ?? schema));
      return 'ok';
    case 'validate':
      struct.validate();
      return 'ok';
    case 'toString':
      return struct.toString();
    case 'equals': {
      const fields = name as unknown as { struct: unknown };
      return struct.equals(decodeValue(fields, struct.schema));
    }
    default: {
      const getter = struct[op as 'get'] as (field: string) => ConnectValue;
      return encodeValue(getter.call(struct, field), schema);
    }
  }
}
