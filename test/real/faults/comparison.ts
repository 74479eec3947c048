/** What was found of one source partition, beside what was generated: the sequence numbers 1 to `generated`. */
export interface Comparison {
  readonly generated: number;
  readonly found: number;
  /** Generated and never found. */
  readonly lost: number;
  /** Found again, each time. */
  readonly duplicated: number;
  /** First found after a later one was. */
  readonly disordered: number;
  /** Never generated. */
  readonly strange: number;
  /** How often each was found; the first is that of number 1. */
  readonly copies: Uint32Array;
}

/** `sequence` as it was found, in order. */
export function compare(sequence: readonly number[], generated: number): Comparison {
  const copies = new Uint32Array(generated);
  let [highest, duplicated, disordered, strange] = [0, 0, 0, 0];
  for (const number of sequence) {
    const before = Number.isInteger(number) ? copies[number - 1] : undefined;
    if (before === undefined) {
      strange++;
      continue;
    }
    copies[number - 1] = before + 1;
    if (before > 0) duplicated++;
    else if (number < highest) disordered++;
    highest = Math.max(highest, number);
  }
  const lost = copies.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0);
  return { generated, found: sequence.length, lost, duplicated, disordered, strange, copies };
}

/**
 * At least once: a record is sent by no run that began behind it. `starts` has, for each run, an offset at or before
 * the one it began at. Answers the numbers that were found more often than runs can have sent them.
 */
export function unexplained({ copies }: Comparison, starts: readonly number[]): number[] {
  const sorted = starts.toSorted((a, b) => a - b);
  let runs = 0;
  const found: number[] = [];
  for (const [index, count] of copies.entries()) {
    const number = index + 1;
    while (runs < sorted.length && (sorted[runs] ?? 0) < number) runs++;
    if (count > Math.max(1, runs)) found.push(number);
  }
  return found;
}
