import { Decimal } from '../../../api/data/decimal.ts';
import { Instant } from '../../../api/data/instant.ts';
import { dateBuilder, decimalBuilder, timeBuilder } from '../../../api/data/logical.ts';
import { SchemaBuilder } from '../../../api/data/schema-builder.ts';
import type { Schema } from '../../../api/data/schema.ts';
import { Struct } from '../../../api/data/struct.ts';
import type { ConnectValue } from '../../../api/data/value.ts';
import { DataError, RetriableError } from '../../../api/errors.ts';
import type { SqlColumn } from './column.ts';
import type { CellReaders, SqlCell, SqlRow } from './connection.ts';
import { numericType, type NumericMapping } from './numeric-mapping.ts';
import { timestampForm, type TimestampGranularity } from './time/timestamp-granularity.ts';
import type { TimeZone } from './time/time-zone.ts';

export interface RowMapping {
  readonly numericMapping: NumericMapping;
  readonly granularity: TimestampGranularity;
  readonly zone: TimeZone;
  /** Of a query: an outer join makes any column null, whatever its table says. */
  readonly allOptional: boolean;
}

export interface RowReader {
  readonly schema: Schema;
  read(row: SqlRow): Struct;
}

interface Field {
  readonly schema: Schema;
  readonly read: (cell: Exclude<SqlCell, null>) => ConnectValue;
}

/** A NUMERIC declared without precision and scale: enough digits after the point for what is not an accident. */
const openScale = 38;
const dayMs = 86_400_000;

/** Chooses once per column how its cells are read; reading a row then is one loop without any decision. */
export function compileRowReader(
  name: string | null,
  columns: readonly SqlColumn[],
  cells: CellReaders,
  mapping: RowMapping,
): RowReader {
  const builder = SchemaBuilder.struct();
  if (name !== null) builder.name(name);
  const fields = columns.map((column) =>
    fieldOf(mapping.allOptional ? { ...column, nullable: true } : column, cells, mapping),
  );
  for (const [i, { schema }] of fields.entries()) builder.field(columns[i]?.name ?? '', schema);
  const schema = builder.build();
  const readers = fields.map((field) => field.read);
  const count = readers.length;
  const read = (row: SqlRow): Struct => {
    const values = new Array<ConnectValue>(count);
    for (let i = 0; i < count; i++) {
      const cell = row[i] ?? null;
      if (cell !== null) values[i] = readers[i]?.(cell) ?? null;
      else if (fields[i]?.schema.optional === true) values[i] = null;
      else
        throw new RetriableError(
          `Column ${columns[i]?.name} was NOT NULL when reading began, and now has a null: the table has changed`,
        );
    }
    return Struct.of(schema, values);
  };
  return { schema, read };
}

function fieldOf(column: SqlColumn, cells: CellReaders, mapping: RowMapping): Field {
  const type = column.type === 'decimal' ? numericType(column, mapping.numericMapping) : column.type;
  const optional = (builder: SchemaBuilder): Schema =>
    (column.nullable ? builder.optional() : builder).build();
  switch (type) {
    case 'boolean':
      return { schema: optional(SchemaBuilder.bool()), read: cells.boolean };
    case 'int8':
      return { schema: optional(SchemaBuilder.int8()), read: Number };
    case 'int16':
      return { schema: optional(SchemaBuilder.int16()), read: Number };
    case 'int32':
      return { schema: optional(SchemaBuilder.int32()), read: Number };
    case 'int64':
      return { schema: optional(SchemaBuilder.int64()), read: (cell) => integer(cell, column) };
    case 'float32':
      return { schema: optional(SchemaBuilder.float32()), read: (cell) => Math.fround(Number(cell)) };
    case 'float64':
      return { schema: optional(SchemaBuilder.float64()), read: Number };
    case 'decimal': {
      const scale = column.scale ?? openScale;
      return {
        schema: optional(decimalBuilder(scale)),
        read: (cell) => decimal(String(cell), scale, column),
      };
    }
    case 'string':
      return { schema: optional(SchemaBuilder.string()), read: String };
    case 'bytes':
      return { schema: optional(SchemaBuilder.bytes()), read: cells.bytes };
    default:
      return temporalField(type, column, { cells, mapping, optional });
  }
}

interface TemporalOptions {
  readonly cells: CellReaders;
  readonly mapping: RowMapping;
  readonly optional: (builder: SchemaBuilder) => Schema;
}

function temporalField(
  type: 'date' | 'time' | 'timestamp',
  column: SqlColumn,
  { cells, mapping, optional }: TemporalOptions,
): Field {
  const { zone } = mapping;
  switch (type) {
    case 'date':
      return {
        schema: optional(dateBuilder()),
        read: (cell) => new Instant(Math.floor(cells.timestamp(cell, noZone) / dayMs) * dayMs),
      };
    case 'time':
      return {
        schema: optional(timeBuilder()),
        read: (cell) => new Instant(timeOfDay(String(cell), column)),
      };
    case 'timestamp': {
      const form = timestampForm(mapping.granularity, zone);
      return {
        schema: form.schema(column.nullable),
        read: (cell) => form.value(cells.timestamp(cell, zone), () => cells.nanos(cell)),
      };
    }
  }
}

/** A date has no zone: midnight UTC stands for the day, wherever the database is. */
const noZone: TimeZone = { name: 'UTC', toEpoch: (local) => local, toLocal: (epoch) => epoch };

function integer(cell: Exclude<SqlCell, null>, column: SqlColumn): bigint {
  if (typeof cell === 'bigint') return cell;
  try {
    return BigInt(cell as string);
  } catch (error) {
    throw new DataError(`The value of integer column ${column.name} is not an integer`, { cause: error });
  }
}

function decimal(text: string, scale: number, column: SqlColumn): Decimal {
  const value = Decimal.tryParse(text);
  if (value === null) {
    throw new DataError(`The value of numeric column ${column.name} is not a finite number`, {
      hint: 'Connect decimals have no NaN and no infinity: leave those rows out with a query, or cast the column.',
    });
  }
  if (value.scale === scale) return value;
  if (value.scale < scale) return new Decimal(value.unscaled * 10n ** BigInt(scale - value.scale), scale);
  const factor = 10n ** BigInt(value.scale - scale);
  if (value.unscaled % factor === 0n) return new Decimal(value.unscaled / factor, scale);
  throw new DataError(
    `The value of numeric column ${column.name} has more than ${scale} digits after the point`,
    {
      hint: 'Declare the column as NUMERIC(precision, scale), or cast it in a query: nothing is rounded silently.',
    },
  );
}

/** `12:34:56.789`, with a zone or without: milliseconds of the day, as Connect's Time. */
function timeOfDay(text: string, column: SqlColumn): number {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?/.exec(text);
  if (match === null) throw new DataError(`The value of time column ${column.name} is not a time of day`);
  const [, hour, minute, second = '0', fraction = ''] = match;
  return (
    Number(hour) * 3_600_000 +
    Number(minute) * 60_000 +
    Number(second) * 1000 +
    Number(fraction.padEnd(3, '0').slice(0, 3))
  );
}
