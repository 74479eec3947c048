import type { Schema } from '../api/data/schema.ts';
import { isStruct } from '../api/data/struct-brand.ts';
import { Struct } from '../api/data/struct.ts';
import type { ConnectValue } from '../api/data/value.ts';
import type { ConnectRecord } from '../api/record.ts';
import { readSide, writeSide } from '../api/record-side.ts';
import type { FieldsChange, RecordSide, SideChange, SideContent } from '../api/transform.ts';

/** What becomes of the content of one schema, from first to last; null: not a case for changing fields alone. */
type FieldsChanges = readonly FieldsChange[] | null;

/**
 * Several changes in a row to the same side of a record, carried out as one: one new record for all, and where each of
 * them knows what it does to the fields of a schema, one new struct.
 */
export class SideChanges {
  readonly side: RecordSide;
  readonly #changes: readonly SideChange[];
  readonly #fieldsChanges = new WeakMap<Schema, { readonly of: FieldsChanges }>();
  /** Of the record before, which mostly is of the same kind. */
  #last: { readonly schema: Schema; readonly of: FieldsChanges } | undefined;

  constructor(side: RecordSide, changes: readonly SideChange[]) {
    this.side = side;
    this.#changes = changes;
  }

  followedBy(change: SideChange): SideChanges {
    return new SideChanges(this.side, [...this.#changes, change]);
  }

  /** Throws what one of them throws; the record given stays as it is. */
  apply<R extends ConnectRecord>(record: R): R {
    const before = readSide(record, this.side);
    const after = this.#changeFields(before, record) ?? this.#changeContent(before, record);
    return after === before ? record : writeSide(record, this.side, after);
  }

  #changeContent(before: SideContent, record: ConnectRecord): SideContent {
    let content = before;
    for (const change of this.#changes) content = change.apply(content, record);
    return content;
  }

  #changeFields({ schema, value }: SideContent, record: ConnectRecord): SideContent | undefined {
    if (schema === null || (schema.type === 'STRUCT' && !isStructOf(schema, value))) return undefined;
    const changes = this.#fieldsChangesOf(schema);
    if (changes === null) return undefined;
    let before = schema;
    let values: ConnectValue[] | undefined;
    for (const change of changes) {
      if (change.takes === 'value') values = [values === undefined ? value : Struct.of(before, values)];
      else values ??= [...(value as Struct).values];
      values = change.apply(values, record);
      before = change.schema;
    }
    return values && { schema: before, value: Struct.of(before, values) };
  }

  #fieldsChangesOf(schema: Schema): FieldsChanges {
    if (this.#last?.schema === schema) return this.#last.of;
    let known = this.#fieldsChanges.get(schema);
    if (known === undefined) {
      known = { of: this.#plan(schema) };
      this.#fieldsChanges.set(schema, known);
    }
    this.#last = { schema, of: known.of };
    return known.of;
  }

  #plan(schema: Schema): FieldsChanges {
    const planned: FieldsChange[] = [];
    let current = schema;
    for (const change of this.#changes) {
      const fields = change.fieldsChange?.(current);
      if (fields === undefined) return null;
      planned.push(fields);
      current = fields.schema;
    }
    return planned;
  }
}

/** Not so: null, or a struct of an equal schema that is another object. The transformations see to it themselves. */
const isStructOf = (schema: Schema, value: ConnectValue): boolean =>
  isStruct(value) && value.schema === schema;
