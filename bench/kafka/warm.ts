import { type Column, comparisonTable, times } from '../text-table.ts';
import type { Figures } from './figures.ts';

/** What a contender needs once it has run for a while: what a long run took beyond a short one. */
export interface WarmFigures {
  readonly contender: string;
  readonly cpuSecondsPerMillion: number;
}

export interface Series {
  readonly records: number;
  readonly figures: readonly Figures[];
}

/** A contender that is in one of the two only is left out. */
export function warmFigures(short: Series, long: Series): WarmFigures[] {
  return short.figures.flatMap(({ contender, cpuSecondsPerMillion: before }) => {
    const after = long.figures.find((each) => each.contender === contender)?.cpuSecondsPerMillion;
    if (after === undefined) return [];
    const more = (after * long.records - before * short.records) / (long.records - short.records);
    return [{ contender, cpuSecondsPerMillion: Math.round(more * 100) / 100 }];
  });
}

const columns: readonly Column<WarmFigures>[] = [
  ['warm', ({ contender }) => contender],
  ['CPU s/million', ({ cpuSecondsPerMillion }) => cpuSecondsPerMillion.toFixed(2)],
  ['first needs', (each, first) => times(first.cpuSecondsPerMillion, each.cpuSecondsPerMillion)],
];

export const warmTable = (all: readonly WarmFigures[]): string => comparisonTable(columns, all);
