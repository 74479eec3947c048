import type { ConfigDef } from './config-def.ts';
import type { ConnectorConfig } from './config.ts';
import type { Schema } from './data/schema.ts';
import type { ConnectValue } from './data/value.ts';

export interface SchemaAndValue {
  readonly schema: Schema | null;
  readonly value: ConnectValue;
}

/** What goes to Kafka. Text stands for its UTF-8: it is written straight into a batch, without bytes of its own. */
export type Serialized = Uint8Array | string | null;

/** Between a record's key or value and the bytes in Kafka. Called for each record; must not do I/O. */
export interface Converter {
  /** Null: a tombstone, or a null key. Throws a DataError for a value it cannot write. */
  fromConnectData(topic: string, schema: Schema | null, value: ConnectValue): Uint8Array | null;
  /** The same, which may leave the encoding of well-formed text to the producer. It saves time, and nothing else. */
  serialize?(topic: string, schema: Schema | null, value: ConnectValue): Serialized;
  /** Throws a DataError for bytes it cannot read. */
  toConnectData(topic: string, bytes: Uint8Array | null): SchemaAndValue;
}

/** The same for header values. */
export interface HeaderConverter {
  fromConnectHeader(
    topic: string,
    key: string,
    schema: Schema | null,
    value: ConnectValue,
  ): Uint8Array | null;
  toConnectHeader(topic: string, key: string, bytes: Uint8Array | null): SchemaAndValue;
}

export interface ConverterPlugin {
  readonly kind: 'converter';
  /** The Java class name users write in `value.converter`. */
  readonly class: string;
  readonly aliases?: readonly string[];
  readonly version: string;
  readonly configDef: ConfigDef;
  /** `config`: the options under `key.converter.` or `value.converter.`, prefix removed. */
  create(config: ConnectorConfig, isKey: boolean): Converter;
  /** Present when it can serve as `header.converter` too. */
  createHeader?(config: ConnectorConfig): HeaderConverter;
}

/** A class that converts headers only (SimpleHeaderConverter). */
export interface HeaderConverterPlugin {
  readonly kind: 'header-converter';
  readonly class: string;
  readonly aliases?: readonly string[];
  readonly version: string;
  readonly configDef: ConfigDef;
  createHeader(config: ConnectorConfig): HeaderConverter;
}
