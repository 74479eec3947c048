import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** The columns of the five tables and what they hold; each table also gets an id and an updated_at. */
export const tables = {
  airlines: { carrier: 'text', name: 'text' },
  airports: {
    faa: 'text',
    name: 'text',
    lat: 'real',
    lon: 'real',
    alt: 'integer',
    tz: 'integer',
    dst: 'text',
    tzone: 'text',
  },
  planes: {
    tailnum: 'text',
    year: 'integer',
    type: 'text',
    manufacturer: 'text',
    model: 'text',
    engines: 'integer',
    seats: 'integer',
    speed: 'integer',
    engine: 'text',
  },
  weather: {
    origin: 'text',
    year: 'integer',
    month: 'integer',
    day: 'integer',
    hour: 'integer',
    temp: 'real',
    dewp: 'real',
    humid: 'real',
    wind_dir: 'integer',
    wind_speed: 'real',
    wind_gust: 'real',
    precip: 'real',
    pressure: 'real',
    visib: 'real',
    time_hour: 'timestamp',
  },
  flights: {
    year: 'integer',
    month: 'integer',
    day: 'integer',
    dep_time: 'integer',
    sched_dep_time: 'integer',
    dep_delay: 'integer',
    arr_time: 'integer',
    sched_arr_time: 'integer',
    arr_delay: 'integer',
    carrier: 'text',
    flight: 'integer',
    tailnum: 'text',
    origin: 'text',
    dest: 'text',
    air_time: 'integer',
    distance: 'integer',
    hour: 'integer',
    minute: 'integer',
    time_hour: 'timestamp',
  },
} as const satisfies Record<string, Record<string, ColumnType>>;

export type ColumnType = 'text' | 'integer' | 'real' | 'timestamp';
export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];
export const columnsOf = (table: TableName): readonly (readonly [string, ColumnType])[] =>
  Object.entries(tables[table]);

/** A row's values in column order; `NA` in the files is null. */
export type Row = readonly (string | number | null)[];

/** Rows of `<table>.csv.gz` or `<table>.csv` in the folder. */
export function readRows(folder: string, table: TableName): Row[] {
  const text = readCsv(join(folder, `${table}.csv`));
  const columns = columnsOf(table);
  const records = parse(text, { columns: true, skip_empty_lines: true }) as Record<string, string>[];
  return records.map((record) => columns.map(([name, type]) => convert(record[name] ?? 'NA', type)));
}

function readCsv(path: string): string {
  try {
    return gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readFileSync(path, 'utf8');
  }
}

function convert(text: string, type: ColumnType): string | number | null {
  if (text === 'NA') return null;
  return type === 'integer' || type === 'real' ? Number(text) : text;
}
