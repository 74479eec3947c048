import type { ConfigDef } from './config-def.ts';
import type { ConnectorConfig } from './config.ts';
import type { Schema } from './data/schema.ts';
import type { ConnectValue } from './data/value.ts';
import type { ConnectRecord } from './record.ts';

/** Which part of a record a transformation works on: `…$Key` or `…$Value`. */
export type RecordSide = 'Key' | 'Value';

export interface SideContent {
  readonly schema: Schema | null;
  readonly value: ConnectValue;
}

export interface SideChange {
  /** Returning its argument leaves the record as it is. */
  apply(content: SideContent, record: ConnectRecord): SideContent;
  /**
   * What `apply` does to the structs of one schema, as a change of their field values: several in a row then need one
   * new struct in all. Asked once a schema. Undefined: not for this schema. May throw what `apply` would.
   */
  fieldsChange?(schema: Schema): FieldsChange | undefined;
}

export interface FieldsChange {
  /** Of the structs that come out. */
  readonly schema: Schema;
  /** `value`: takes the whole content, of any type, as its one value; else the field values of a struct. */
  readonly takes: 'fields' | 'value';
  /** Values by field index, as in `Struct.values`. They belong to the change: it may answer the same array. */
  apply(values: ConnectValue[], record: ConnectRecord): ConnectValue[];
}

/** A single message transformation (SMT). One object a task; `apply` is called for each record, in order. */
export interface Transformation {
  /** Null drops the record and ends the chain. Throwing is handled by `errors.tolerance`. Must not do I/O. */
  apply<R extends ConnectRecord>(record: R): R | null;
  /**
   * For one that changes the key or the value and nothing else, the same as `apply`: several in a row then need one
   * new record in all. `record` is there to be read, but for the side that is changed.
   */
  readonly sideChange?: SideChange & { readonly side: RecordSide };
  close?(): void;
}

/** Decides whether a transformation applies to a record. */
export interface Predicate {
  test(record: ConnectRecord): boolean;
  close?(): void;
}

export interface TransformationPlugin {
  readonly kind: 'transformation';
  /** The Java class name users write in `transforms.<alias>.type`. */
  readonly class: string;
  readonly aliases?: readonly string[];
  readonly version: string;
  readonly configDef: ConfigDef;
  /** Throws a ConfigError when the options do not work together. */
  create(config: ConnectorConfig): Transformation;
}

export interface PredicatePlugin {
  readonly kind: 'predicate';
  readonly class: string;
  readonly aliases?: readonly string[];
  readonly version: string;
  readonly configDef: ConfigDef;
  create(config: ConnectorConfig): Predicate;
}
