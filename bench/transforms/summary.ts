import { medianOf } from '../median.ts';
import { type Column, comparisonTable, times } from '../text-table.ts';
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
  const median = (of: (round: Round) => number): number => medianOf(warm.map(of));
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

const columns: readonly Column<Summary>[] = [
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
export const table = (summaries: readonly Summary[]): string => comparisonTable(columns, summaries);

const grouped = (number: number): string => number.toLocaleString('en-US');
