import type { TableCounts } from '../../lib/local/counting-table.ts';
import type { Item } from '../../lib/storage/table.ts';
import { tableNames, type TableName } from './tables.ts';

export type Counts = Readonly<Record<TableName, number>>;

export interface DemoFigures {
  readonly database: string;
  readonly rows: Counts;
  readonly changes: Counts;
  readonly records: Counts;
  readonly lines: Counts;
  readonly duplicateLines: number;
  readonly firstCopyMs: number;
  readonly changesMs: number;
  readonly table: TableCounts;
}

const number = (n: number): string => n.toLocaleString('en-US');
const total = (counts: Counts): number => tableNames.reduce((sum, table) => sum + counts[table], 0);

/** The table a person reads at the end. */
export function summary(figures: DemoFigures): string {
  const { rows, changes, records, lines } = figures;
  const line = (name: string, values: readonly (string | number)[]): string =>
    `  ${name.padEnd(10)}${values.map((v) => (typeof v === 'number' ? number(v) : v).padStart(18)).join('')}`;
  return [
    line('', ['rows copied', 'changed later', 'records in Kafka', 'lines in files']),
    ...tableNames.map((table) => line(table, [rows[table], changes[table], records[table], lines[table]])),
    line('', [total(rows), total(changes), total(records), total(lines)]),
    '',
    `  first copy      ${number(total(rows))} rows, ${figures.database} → Kafka → files, in ${seconds(figures.firstCopyMs)}`,
    `  changes         ${number(total(changes))} rows in ${seconds(figures.changesMs)}: only those moved`,
    `  DynamoDB        ${number(figures.table.writes)} writes, ${number(figures.table.reads)} reads, ${number(figures.table.queries)} queries`,
  ].join('\n');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Differences between what went in and what came out; empty when all is well. */
export function differences({ rows, changes, records, lines, duplicateLines }: DemoFigures): string[] {
  const wrong = tableNames.flatMap((table) => {
    const expected = rows[table] + changes[table];
    const check = (what: string, found: number): string[] =>
      found === expected ? [] : [`${table}: expected ${expected} ${what}, found ${found}`];
    return [...check('records in the topic', records[table]), ...check('lines in the files', lines[table])];
  });
  return duplicateLines === 0 ? wrong : [...wrong, `${duplicateLines} lines appear twice`];
}

/** Items as the DynamoDB console lists them. */
export function itemTable(items: readonly Item[], columns: readonly string[]): string {
  const cell = (item: Item, column: string): string => {
    const value = item[column];
    return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  };
  const widths = columns.map((column) =>
    Math.min(84, Math.max(column.length, ...items.map((item) => cell(item, column).length))),
  );
  const row = (cells: readonly string[]): string =>
    `  ${cells.map((text, i) => text.slice(0, widths[i]).padEnd(widths[i] ?? 0)).join('  ')}`;
  return [row(columns), ...items.map((item) => row(columns.map((column) => cell(item, column))))].join('\n');
}
