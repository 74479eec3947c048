import { describe, expect, it } from 'vitest';
import { javaString } from '../../../lib/api/data/java-string.ts';
import type { Struct } from '../../../lib/api/data/struct.ts';
import { jdbcSource } from '../../../lib/connectors/jdbc/index.ts';
import { drainSource } from '../../../lib/testing/source-run.ts';
import { configFor, row } from './jdbc-tables.ts';
import { postgresServer } from './postgres-database.ts';

const postgres = postgresServer();

describe('JDBC source, PostgreSQL: values', () => {
  const only = async (
    columns: string,
    values: string,
    more: Record<string, string> = {},
  ): Promise<Struct> => {
    const database = await postgres.database();
    await database.run("CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN amount AS numeric(8,3)");
    await database.run(`CREATE TABLE t (${columns}); INSERT INTO t VALUES (${values})`);
    const [record] = await drainSource(jdbcSource, configFor(database, { mode: 'bulk', ...more }));
    if (record === undefined) throw new Error('no row');
    row(record).validate();
    return row(record);
  };

  it.each([
    ['boolean', 'true', 'BOOLEAN', 'true'],
    ['smallint', '-32768', 'INT16', '-32768'],
    ['integer', '2147483647', 'INT32', '2147483647'],
    ['bigint', '9223372036854775807', 'INT64', '9223372036854775807'],
    ['real', '1.5', 'FLOAT32', '1.5'],
    ['double precision', '0.1', 'FLOAT64', '0.1'],
    ['double precision', "'NaN'", 'FLOAT64', 'NaN'],
    ['numeric(20,2)', '123456789012345678.90', 'BYTES', '123456789012345678.90'],
    ['numeric(5,-2)', '12300', 'BYTES', '1.23E+4'],
    ['amount', '1.5', 'BYTES', '1.500'],
    ['text', "'één'", 'STRING', 'één'],
    ['char(3)', "'a'", 'STRING', 'a  '],
    ['uuid', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'STRING', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['jsonb', `'{"a": 1}'`, 'STRING', '{"a": 1}'],
    ['mood', "'glad'", 'STRING', 'glad'],
    ['integer[]', 'ARRAY[1,2]', 'STRING', '{1,2}'],
  ])('reads %s %s as %s', async (type, literal, schemaType, printed) => {
    const value = await only(`v ${type} NOT NULL`, literal);
    const schema = value.schema.field('v')?.schema;
    expect([schema?.type, schema?.optional, javaString(value.get('v'), schema ?? null)]).toEqual([
      schemaType,
      false,
      printed,
    ]);
  });

  it('reads bytes and null', async () => {
    const value = await only('a bytea, b text', "'\\x00ff10', null");
    expect(value.get('a')).toEqual(new Uint8Array([0, 255, 16]));
    expect([value.get('b'), value.schema.field('b')?.schema.optional]).toEqual([null, true]);
  });

  it.each([
    ['timestamp', "'2024-02-29 12:34:56.789999'", 'Timestamp', Date.UTC(2024, 1, 29, 12, 34, 56, 789)],
    ['timestamptz', "'2024-02-29 12:34:56.789+05:30'", 'Timestamp', Date.UTC(2024, 1, 29, 7, 4, 56, 789)],
    ['timestamp', "'0044-03-15 12:00:00 BC'", 'Timestamp', -63_517_780_800_000],
    ['timestamp', "'12024-01-01 00:00:00'", 'Timestamp', Date.UTC(12_024, 0, 1)],
    ['timestamp', "'1969-12-31 23:59:59.9995'", 'Timestamp', -1],
    ['date', "'2024-02-29'", 'Date', Date.UTC(2024, 1, 29)],
    ['date', "'1900-03-01'", 'Date', Date.UTC(1900, 2, 1)],
    ['time', "'23:59:59.999999'", 'Time', 86_399_999],
  ])('reads %s %s as the logical type %s', async (type, literal, logical, epochMillis) => {
    const value = await only(`v ${type}`, literal);
    expect(value.schema.field('v')?.schema.name).toBe(`org.apache.kafka.connect.data.${logical}`);
    expect(value.get('v')).toMatchObject({ epochMillis });
  });

  it.each([
    ['micros_long', '1709210096789012'],
    ['micros_string', '1709210096789012'],
    ['micros_iso_datetime_string', '2024-02-29T12:34:56.789012'],
    ['nanos_long', '1709210096789012000'],
    ['nanos_string', '1709210096789012000'],
    ['nanos_iso_datetime_string', '2024-02-29T12:34:56.789012000'],
  ])('writes timestamps as %s', async (granularity, expected) => {
    const value = await only('v timestamptz', "'2024-02-29 12:34:56.789012+00'", {
      'timestamp.granularity': granularity,
    });
    expect(javaString(value.get('v'), null)).toBe(expected);
  });

  it.each([
    ['none', 'numeric(4,0)', 'BYTES'],
    ['precision_only', 'numeric(2,0)', 'INT8'],
    ['precision_only', 'numeric(4,0)', 'INT16'],
    ['precision_only', 'numeric(9,0)', 'INT32'],
    ['precision_only', 'numeric(18,0)', 'INT64'],
    ['precision_only', 'numeric(19,0)', 'BYTES'],
    ['precision_only', 'numeric(4,1)', 'BYTES'],
    ['best_fit', 'numeric(4,1)', 'FLOAT64'],
    ['best_fit', 'numeric(19,1)', 'BYTES'],
    ['best_fit', 'numeric', 'BYTES'],
    ['best_fit_eager_double', 'numeric(19,1)', 'FLOAT64'],
    ['best_fit_eager_double', 'numeric(19,0)', 'BYTES'],
    ['best_fit_eager_double', 'numeric', 'FLOAT64'],
  ])('maps numbers by %s: %s is %s', async (mapping, type, expected) => {
    const value = await only(`v ${type}`, '1', { 'numeric.mapping': mapping });
    expect(value.schema.field('v')?.schema.type).toBe(expected);
    expect(Number(javaString(value.get('v'), null))).toBe(1);
  });

  it('never rounds: a number with too many digits stops the task, as does one that is no number', async () => {
    await expect(only('v numeric', `0.${'1'.repeat(39)}`)).rejects.toThrow(
      /column v has more than 38 digits/,
    );
    await expect(only('v numeric(5,1)', "'NaN'")).rejects.toThrow(/column v is not a finite number/);
  });
});
