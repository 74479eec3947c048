/** A title, and the cell of a row in a comparison with the first row. */
export type Column<Row> = readonly [title: string, cell: (row: Row, first: Row) => string];

/** A table with titles, one line a row; nothing for no rows. */
export function comparisonTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  return textTable([
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => cell(row, first))),
  ]);
}

/** How many times `b` goes into `a`. */
export const times = (a: number, b: number): string => `${(a / b).toFixed(2)} x`;

/** Rows of cells as indented lines: the first column to the left, the others to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .map((line) => `  ${line}\n`)
    .join('');
}
