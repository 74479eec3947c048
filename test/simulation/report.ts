import { allFaultKinds, type FaultCounts, faultKinds } from './faults/fault-kinds.ts';
import type { HistoryResult } from './history.ts';

/** What a number of histories came to, added up. */
export class Report {
  histories = 0;
  steps = 0;
  records = 0;
  virtualMs = 0;
  readonly counts: FaultCounts = {};

  add({ steps, records, lasted, counts }: HistoryResult): void {
    this.histories++;
    this.steps += steps;
    this.records += records;
    this.virtualMs += lasted;
    for (const kind of allFaultKinds) this.counts[kind] = (this.counts[kind] ?? 0) + (counts[kind] ?? 0);
  }

  /** How often each kind of fault occurred, by the rows of the table of required behaviour. */
  get text(): string {
    const lines = allFaultKinds.map((kind) => {
      const count = String(this.counts[kind] ?? 0).padStart(9);
      return `  ${String(faultKinds[kind].row).padStart(2)}  ${kind.padEnd(28)} ${count}`;
    });
    const hours = Math.round(this.virtualMs / 3_600_000);
    const summary = `${this.histories} histories, ${this.steps} steps, ${hours} h of virtual time, ${this.records} records moved`;
    return [summary, ' row  fault                         occurred', ...lines].join('\n');
  }
}
