import { medianOf } from '../median.ts';
import { type Column, comparisonTable, times } from '../text-table.ts';
import type { Run } from './measured-run.ts';

/** Medians over the rounds of one contender. */
export interface Figures {
  readonly contender: string;
  /** Between the first records and the last. */
  readonly recordsPerSecond: number;
  /** The whole process, its start with it. */
  readonly cpuSecondsPerMillion: number;
  /** Without what was used until the first records had arrived. */
  readonly warmCpuSecondsPerMillion: number;
  readonly cpuSecondsToFirst: number;
  readonly secondsToFirst: number;
  readonly peakMemoryMb: number;
}

export function figuresOf(contender: string, records: number, runs: readonly Run[]): Figures {
  const median = (of: (run: Run) => number, digits = 0): number =>
    Math.round(medianOf(runs.map(of)) * 10 ** digits) / 10 ** digits;
  return {
    contender,
    recordsPerSecond: median((run) => (records - run.movedAtFirst) / (run.lastSeconds - run.firstSeconds)),
    cpuSecondsPerMillion: median((run) => (run.cpuSeconds / records) * 1e6, 2),
    warmCpuSecondsPerMillion: median(
      (run) => ((run.cpuSeconds - run.cpuSecondsAtFirst) / (records - run.movedAtFirst)) * 1e6,
      2,
    ),
    cpuSecondsToFirst: median((run) => run.cpuSecondsAtFirst, 2),
    secondsToFirst: median((run) => run.firstSeconds, 2),
    peakMemoryMb: Math.max(...runs.map((run) => run.peakMemoryMb)),
  };
}

const columns: readonly Column<Figures>[] = [
  ['', ({ contender }) => contender],
  ['records/s', ({ recordsPerSecond }) => recordsPerSecond.toLocaleString('en-US')],
  ['CPU s/million', ({ cpuSecondsPerMillion }) => cpuSecondsPerMillion.toFixed(2)],
  ['after first', ({ warmCpuSecondsPerMillion }) => warmCpuSecondsPerMillion.toFixed(2)],
  ['s to first', ({ secondsToFirst }) => secondsToFirst.toFixed(2)],
  ['CPU s to first', ({ cpuSecondsToFirst }) => cpuSecondsToFirst.toFixed(2)],
  ['peak MB', ({ peakMemoryMb }) => String(peakMemoryMb)],
  ['CPU: first needs', (each, first) => times(first.cpuSecondsPerMillion, each.cpuSecondsPerMillion)],
  ['after first', (each, first) => times(first.warmCpuSecondsPerMillion, each.warmCpuSecondsPerMillion)],
];

/** One line a contender; the last columns say what part of its CPU the first contender needs. */
export const table = (all: readonly Figures[]): string => comparisonTable(columns, all);
