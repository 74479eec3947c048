import type { ConfigDef } from './config-def.ts';
import type { ConnectorConfig } from './config.ts';
import type { ConnectRecord } from './record.ts';

/** A single message transformation (SMT). One object a task; `apply` is called for each record, in order. */
export interface Transformation {
  /** Null drops the record and ends the chain. Throwing is handled by `errors.tolerance`. Must not do I/O. */
  apply<R extends ConnectRecord>(record: R): R | null;
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
