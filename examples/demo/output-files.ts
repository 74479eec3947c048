import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableNames, type TableName } from './tables.ts';

export interface LineCounts {
  readonly lines: Record<TableName, number>;
  /** Lines with different row versions: id and updated_at. */
  readonly distinct: Record<TableName, number>;
  /** Lines that repeat a row version. */
  readonly duplicates: number;
}

/** What the sink has written. */
export function countLines(directory: string): LineCounts {
  const lines = Object.fromEntries(tableNames.map((table) => [table, 0])) as Record<TableName, number>;
  const distinct = { ...lines };
  let duplicates = 0;
  for (const table of tableNames) {
    const seen = new Set<string>();
    for (const line of linesOf(join(directory, `nyc-${table}`))) {
      const { id, updated_at } = JSON.parse(line) as { id: number; updated_at: unknown };
      const identity = `${id} ${JSON.stringify(updated_at)}`;
      if (seen.has(identity)) duplicates++;
      seen.add(identity);
      lines[table]++;
    }
    distinct[table] = seen.size;
  }
  return { lines, distinct, duplicates };
}

/** How often each id of a table appears. */
export function idCounts(directory: string, table: TableName): Map<number, number> {
  const counts = new Map<number, number>();
  for (const line of linesOf(join(directory, `nyc-${table}`))) {
    const { id } = JSON.parse(line) as { id: number };
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function linesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
}
