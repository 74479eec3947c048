import type { FaultReport } from './fault-run.ts';
import { faultKinds } from './fault-schedule.ts';

/** The tables and the verdict a run ends with. */
export function summary({ faults, findings, violations }: FaultReport, seed: number): string {
  const kinds = faultKinds.map((kind) => [kind, String(faults.get(kind) ?? 0)]);
  const rows = [...findings].flatMap(([name, found]) =>
    found.map(({ partition, generated, found: records, lost, duplicated, disordered, strange, wrong }) => {
      const good = lost + disordered + strange === 0 && wrong === '';
      const numbers = [generated, records, lost, duplicated, disordered].map(String);
      return [name, partition, ...numbers, good ? 'kept' : 'BROKEN'];
    }),
  );
  return [
    table([['fault', 'injected'], ...kinds]),
    table([
      ['pipeline', 'partition', 'generated', 'read back', 'lost', 'duplicated', 'out of order', 'promise'],
      ...rows,
    ]),
    violations.length === 0
      ? `every promise kept (seed ${seed})`
      : [...violations.map((text) => `VIOLATION ${text}`), `repeat with --seed ${seed}`].join('\n'),
  ].join('\n\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = (cell: string): boolean => /^\d+$/.test(cell);
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          isNumber(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
