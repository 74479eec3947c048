import type { Round } from './node-lane.ts';

/** What the rounds of one lane come to: medians of the warm ones. */
export interface Summary {
  readonly lane: string;
  /** The first round, before the compiler knew the code. */
  readonly coldRecordsPerSecond: number;
  readonly recordsPerSecond: number;
  readonly recordsPerCpuSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakMemoryMb: number;
  readonly bytesWritten: number;
}

export function summarize(lane: string, records: number, rounds: readonly Round[]): Summary {
  const [cold, ...rest] = rounds;
  const warm = rest.length === 0 ? rounds : rest;
  const median = (of: (round: Round) => number): number => {
    const sorted = warm.map(of).toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1
      ? (sorted[middle] ?? NaN)
      : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
  };
  const cpuSeconds = median((round) => round.cpuSeconds);
  return {
    lane,
    coldRecordsPerSecond: Math.round(records / (cold?.seconds ?? NaN)),
    recordsPerSecond: Math.round(records / median((round) => round.seconds)),
    recordsPerCpuSecond: Math.round(records / cpuSeconds),
    cpuSecondsPerMillion: Math.round((cpuSeconds / records) * 1e8) / 100,
    peakMemoryMb: Math.max(...rounds.map((round) => round.peakMemoryMb)),
    bytesWritten: warm[0]?.bytes ?? 0,
  };
}

const columns: readonly (readonly [string, (summary: Summary, first: Summary) => string])[] = [
  ['lane', ({ lane }) => lane],
  ['records/s', ({ recordsPerSecond }) => grouped(recordsPerSecond)],
  ['first round', ({ coldRecordsPerSecond }) => grouped(coldRecordsPerSecond)],
  ['per CPU s', ({ recordsPerCpuSecond }) => grouped(recordsPerCpuSecond)],
  ['CPU s/million', ({ cpuSecondsPerMillion }) => cpuSecondsPerMillion.toFixed(2)],
  ['peak MB', ({ peakMemoryMb }) => String(peakMemoryMb)],
  ['first is', (summary, first) => times(first.recordsPerSecond, summary.recordsPerSecond)],
  ['by CPU', (summary, first) => times(first.recordsPerCpuSecond, summary.recordsPerCpuSecond)],
];

/** One line a lane; the last columns say how many times as fast the first lane is. */
export function table(summaries: readonly Summary[]): string {
  const [first] = summaries;
  if (first === undefined) return '';
  const rows = [
    columns.map(([title]) => title),
    ...summaries.map((each) => columns.map(([, of]) => of(each, first))),
  ];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .map((line) => `  ${line}\n`)
    .join('');
}

const times = (a: number, b: number): string => `${(a / b).toFixed(2)} x`;
const grouped = (number: number): string => number.toLocaleString('en-US');
