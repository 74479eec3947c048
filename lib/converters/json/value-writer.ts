import { DataError } from '../../api/errors.ts';
import { isBoxed } from '../../api/data/boxed.ts';
import { Decimal } from '../../api/data/decimal.ts';
import { schemaEquals } from '../../api/data/equals.ts';
import { Instant } from '../../api/data/instant.ts';
import { isPlainObject, javaClassOf } from '../../api/data/java-class.ts';
import { dateToDays, decimalToBytes, timeToMillis, timestampToMillis } from '../../api/data/logical.ts';
import { logicalNames } from '../../api/data/logical-names.ts';
import type { Schema } from '../../api/data/schema.ts';
import { Struct } from '../../api/data/struct.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { quoteText } from './jackson-text.ts';
import { jsonDouble, jsonFloat, writeSchemaless } from './schemaless-writer.ts';

type Write = (value: ConnectValue) => string;

export interface ValueWriterOptions {
  readonly replaceNullWithDefault: boolean;
  readonly decimalFormat: 'BASE64' | 'NUMERIC';
}

/** Connect → JSON text, compiled once a schema. */
export class ValueWriter {
  readonly #options: ValueWriterOptions;
  readonly #compiled = new WeakMap<Schema, Write>();

  constructor(options: ValueWriterOptions) {
    this.#options = options;
  }

  /** Throws a DataError for a value that is not of the schema's type. */
  write(schema: Schema | null, value: ConnectValue): string {
    return schema === null ? writeSchemaless(value) : this.#writer(schema)(value);
  }

  #writer(schema: Schema): Write {
    let write = this.#compiled.get(schema);
    if (write === undefined) {
      write = this.#orNull(schema, this.#present(schema));
      this.#compiled.set(schema, write);
    }
    return write;
  }

  #orNull(schema: Schema, present: Write): Write {
    const replacement = this.#options.replaceNullWithDefault ? schema.default : undefined;
    return (value) => {
      if (value !== null && value !== undefined) return present(value);
      if (replacement !== undefined) return present(replacement);
      if (schema.optional) return 'null';
      throw new DataError('Conversion error: null value for field that is required and has no default value');
    };
  }

  #present(schema: Schema): Write {
    switch (schema.name) {
      case logicalNames.decimal:
        return this.#decimal(schema);
      case logicalNames.date:
        return (value) => String(dateToDays(schema, instant('Date', value)));
      case logicalNames.time:
        return (value) => String(timeToMillis(schema, instant('Time', value)));
      case logicalNames.timestamp:
        return (value) => String(timestampToMillis(schema, instant('Timestamp', value)));
      default:
        return this.#byType(schema);
    }
  }

  #byType(schema: Schema): Write {
    switch (schema.type) {
      case 'ARRAY':
        return this.#array(schema);
      case 'MAP':
        return this.#map(schema);
      case 'STRUCT':
        return this.#struct(schema);
      default: {
        const write = primitives[schema.type];
        return (value) => write(isBoxed(value) && value.type === schema.type ? value.value : value);
      }
    }
  }

  #decimal(schema: Schema): Write {
    const numeric = this.#options.decimalFormat === 'NUMERIC';
    return (value) => {
      if (!(value instanceof Decimal)) {
        throw new DataError(
          `Invalid type for Decimal, expected BigDecimal but was class ${javaClassOf(value)}`,
        );
      }
      return numeric ? value.toString() : quoteBytes(decimalToBytes(schema, value));
    };
  }

  #array(schema: Schema): Write {
    const element = this.#element(schema.valueSchema);
    return (value) => {
      if (!Array.isArray(value)) throw invalidType('ARRAY', value);
      return `[${(value as readonly ConnectValue[]).map((item) => element(item)).join(',')}]`;
    };
  }

  #map(schema: Schema): Write {
    const writeKey = this.#element(schema.keySchema);
    const writeValue = this.#element(schema.valueSchema);
    const asObject = schema.keySchema?.type === 'STRING';
    return (value) => {
      const entries: Iterable<readonly [ConnectValue, ConnectValue]> | undefined =
        value instanceof Map
          ? (value as ReadonlyMap<ConnectValue, ConnectValue>)
          : isPlainObject(value)
            ? Object.entries(value)
            : undefined;
      if (entries === undefined) throw invalidType('MAP', value);
      const members = Array.from(entries, ([key, item]) => {
        if (!asObject) return `[${writeKey(key)},${writeValue(item)}]`;
        const name = writeKey(key);
        // A null key is written as its text.
        return `${name === 'null' ? '"null"' : name}:${writeValue(item)}`;
      });
      return asObject ? `{${members.join(',')}}` : `[${members.join(',')}]`;
    };
  }

  #struct(schema: Schema): Write {
    const fields = schema.fields.map((field) => ({
      prefix: `${quoteText(field.name)}:`,
      write: this.#writer(field.schema),
    }));
    return (value) => {
      if (!(value instanceof Struct)) throw invalidType('STRUCT', value);
      if (value.schema !== schema && !schemaEquals(value.schema, schema))
        throw new DataError('Mismatching schema.');
      const values = value.values;
      let text = '{';
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i];
        if (field === undefined) continue;
        if (i > 0) text += ',';
        text += field.prefix + field.write(values[i] ?? null);
      }
      return `${text}}`;
    };
  }

  #element(schema: Schema | null): Write {
    return schema === null ? writeSchemaless : this.#writer(schema);
  }
}

function instant(type: string, value: ConnectValue): Instant {
  if (value instanceof Instant) return value;
  throw new DataError(`Invalid type for ${type}, expected Date but was class ${javaClassOf(value)}`);
}

const invalidType = (type: string, value: ConnectValue): DataError =>
  new DataError(`Invalid type for ${type}: class ${javaClassOf(value)}`);

const quoteBytes = (bytes: Uint8Array): string =>
  `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}"`;

const integer =
  (type: string): Write =>
  (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw invalidType(type, value);
    return String(value);
  };

const primitives = {
  INT8: integer('INT8'),
  INT16: integer('INT16'),
  INT32: integer('INT32'),
  INT64: (value: ConnectValue): string => {
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
    throw invalidType('INT64', value);
  },
  FLOAT32: (value: ConnectValue): string => {
    if (typeof value !== 'number') throw invalidType('FLOAT32', value);
    return jsonFloat(value);
  },
  FLOAT64: (value: ConnectValue): string => {
    if (typeof value !== 'number') throw invalidType('FLOAT64', value);
    return jsonDouble(value);
  },
  BOOLEAN: (value: ConnectValue): string => {
    if (typeof value !== 'boolean') throw invalidType('BOOLEAN', value);
    return String(value);
  },
  STRING: (value: ConnectValue): string => {
    if (typeof value !== 'string') throw invalidType('STRING', value);
    return quoteText(value);
  },
  BYTES: (value: ConnectValue): string => {
    if (!(value instanceof Uint8Array))
      throw new DataError(`Invalid type for bytes type: class ${javaClassOf(value)}`);
    return quoteBytes(value);
  },
};
