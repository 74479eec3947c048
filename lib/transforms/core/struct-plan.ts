import { SchemaBuilder } from '../../api/data/schema-builder.ts';
import type { Field, Schema } from '../../api/data/schema.ts';
import { isStruct } from '../../api/data/struct-brand.ts';
import { Struct } from '../../api/data/struct.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { DataError } from '../../api/errors.ts';
import type { ConnectRecord } from '../../api/record.ts';
import type { FieldsChange } from '../../api/transform.ts';
import type { FieldTree } from './field-tree.ts';
import { nestedPurpose } from './field-path.ts';
import { fieldsOf, requireStruct } from './requirements.ts';
import { checkedFor, copiedValue, copyBasics, fieldValue } from './schemas.ts';

export interface StructPlanOptions {
  /** `replace.null.with.default`. */
  readonly withDefault: boolean;
  /**
   * Whether the struct at the top stays optional and keeps its default; some transformations of Kafka Connect lose
   * both. Nested structs always keep them.
   */
  readonly keepsOptional: boolean;
}

type Inserted = readonly (ConnectValue | undefined)[];

/** One field of the new struct. */
interface Step {
  readonly from: Field;
  readonly name: string;
  readonly schema: Schema;
  /** Null: the value goes on as it is. */
  readonly convert: ((value: ConnectValue, inserted: Inserted) => ConnectValue) | null;
}

/** What a tree of changes means for the structs of one schema: made once a schema (`perSchema`), applied to each. */
export class StructPlan {
  readonly schema: Schema;
  readonly #steps: readonly Step[];
  readonly #tree: FieldTree;
  readonly #withDefault: boolean;
  /** Every field stays in its place: its values may be changed where they are. */
  readonly #staysInPlace: boolean;

  /** Throws a DataError for a schema that is not a struct's, and where a path goes on in a field that is no struct. */
  constructor(schema: Schema, tree: FieldTree, options: StructPlanOptions) {
    this.#tree = tree;
    this.#withDefault = options.withDefault;
    const { renamedFrom } = tree;
    this.#steps = fieldsOf(schema).flatMap((field) => {
      const step = planField(field, tree, options);
      return step === null ? [] : readBack(step, schema, renamedFrom);
    });
    this.#staysInPlace =
      this.#steps.length === schema.fields.length && this.#steps.every(({ from }, i) => from.index === i);
    this.schema = this.#isSameSchema(schema, options) ? schema : this.#newSchema(schema, options);
  }

  /**
   * A new struct; the one given is left alone. `inserted` holds the values of the tree's insertions: undefined is not
   * put, which Connect allows for a required field, null is.
   */
  apply(struct: Struct, inserted: Inserted = []): Struct {
    return Struct.of(this.schema, this.#into([], struct.values, inserted));
  }

  /** The same for the values of a struct, which may be changed where they are. */
  change(values: ConnectValue[], inserted: Inserted = []): ConnectValue[] {
    return this.#into(this.#staysInPlace ? values : [], values, inserted);
  }

  #into(target: ConnectValue[], values: readonly ConnectValue[], inserted: Inserted): ConnectValue[] {
    const withDefault = this.#withDefault;
    let at = 0;
    for (const step of this.#steps) {
      const { from, convert } = step;
      target[at++] =
        convert === null
          ? (values[from.index] ?? copiedValue(values, from, withDefault))
          : (convert(fieldValue(values, from, withDefault), inserted) ?? checkedFor(step, null));
    }
    for (const insertion of this.#tree.insertions) {
      const value = inserted[insertion.index];
      target[at++] = value === undefined ? null : (value ?? checkedFor(insertion, null));
    }
    return target;
  }

  #isSameSchema(schema: Schema, { keepsOptional }: StructPlanOptions): boolean {
    return (
      keepsOptional &&
      this.#tree.insertions.length === 0 &&
      this.#steps.length === schema.fields.length &&
      this.#steps.every((step) => step.name === step.from.name && step.schema === step.from.schema)
    );
  }

  #newSchema(source: Schema, { keepsOptional }: StructPlanOptions): Schema {
    const builder = copyBasics(source, SchemaBuilder.struct());
    for (const { name, schema } of [...this.#steps, ...this.#tree.insertions]) builder.field(name, schema);
    if (!keepsOptional) return builder.build();
    if (source.optional) builder.optional();
    if (isStruct(source.default) && !this.#tree.needsRecord)
      builder.defaultValue(Struct.of(builder.build(), this.#into([], source.default.values, [])));
    return builder.build();
  }
}

/** What a transformation whose plans these are does to the fields of a schema. */
export const fieldsChange =
  (planOf: (schema: Schema) => StructPlan, insertedOf?: (record: ConnectRecord) => Inserted) =>
  (schema: Schema): FieldsChange | undefined => {
    if (schema.type !== 'STRUCT') return undefined;
    const plan = planOf(schema);
    return {
      schema: plan.schema,
      takes: 'fields',
      apply: (values, record) => plan.change(values, insertedOf?.(record)),
    };
  };

/** Null: the field is gone. */
function planField(field: Field, tree: FieldTree, options: StructPlanOptions): Step | null {
  const node = tree.nodes.get(field.name);
  if (node === undefined)
    return tree.keepsOthers ? { from: field, name: field.name, schema: field.schema, convert: null } : null;
  const { drop, rename: name = field.name, convert } = node.change;
  if (drop === true) return null;
  if (node.inside !== null) return { from: field, name, ...planNested(field, node.inside, options) };
  return convert === undefined
    ? { from: field, name, schema: field.schema, convert: null }
    : {
        from: field,
        name,
        schema: convert.schema(field.schema),
        convert: (value) => convert.value(value, field.schema),
      };
}

/**
 * ReplaceField of Connect looks for the value of a new field under the old name its new name stands for: a field that
 * had that name all along reads the renamed one. Throws a DataError where there is none.
 */
function readBack(step: Step, schema: Schema, renamedFrom: ReadonlyMap<string, string>): Step {
  const name = renamedFrom.get(step.name);
  if (name === undefined || name === step.from.name) return step;
  const from = schema.field(name);
  if (from === undefined) throw new DataError(`${name} is not a valid field name`);
  return { ...step, from, convert: (value) => checkedFor(step, value) };
}

function planNested(
  { name, schema }: Field,
  inside: FieldTree,
  options: StructPlanOptions,
): Pick<Step, 'schema' | 'convert'> {
  if (schema.type !== 'STRUCT') {
    throw new DataError('Cannot look up fields on non-struct type', {
      hint: `The field ${name} is of type ${schema.type}: a path leads through structs only.`,
    });
  }
  const plan = new StructPlan(schema, inside, { ...options, keepsOptional: true });
  return {
    schema: plan.schema,
    convert: (value, inserted) =>
      value === null ? null : plan.apply(requireStruct(value, nestedPurpose), inserted),
  };
}
