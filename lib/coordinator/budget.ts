import type { ConnectorConfig } from '../api/config.ts';
import { type BudgetUse, unusedBudget } from '../storage/items/connector-item.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface BudgetLimits {
  readonly runsPerHour: number;
  readonly msPerDay: number;
}

export const budgetKeys = {
  runsPerHour: 'lambda.budget.runs.per.hour',
  msPerDay: 'lambda.budget.ms.per.day',
} as const;

/** A task that ticks each minute, and is granted again at once after each run, has not half as many. */
const leastRunsAnHour = 240;
/** A task that is always at work, with each handover overlapping, has not as much. */
const mostMsADay = 1.5 * dayMs;

/**
 * What a connector may use up, from its keys. Without them a limit that only a runaway meets: the number of tasks is
 * known by then, and a healthy schedule has less than half of it.
 */
export function budgetLimits(config: ConnectorConfig, tasks: number, everyMs: number): BudgetLimits {
  const given = (key: string): number | undefined => {
    const value = Number(config[key] ?? -1);
    return value > 0 ? value : undefined;
  };
  const healthy = Math.max(leastRunsAnHour, (4 * hourMs) / everyMs);
  return {
    runsPerHour: given(budgetKeys.runsPerHour) ?? Math.ceil(healthy * Math.max(1, tasks)),
    msPerDay: given(budgetKeys.msPerDay) ?? mostMsADay * Math.max(1, tasks),
  };
}

/** What a connector has used in this hour and this day. Counting only: what it means is decided in circuit.ts. */
export class Spending {
  #use: BudgetUse;
  readonly #before: BudgetUse;
  readonly #now: number;

  constructor(use: BudgetUse, now: number) {
    this.#before = use;
    this.#now = now;
    const hour = Math.floor(now / hourMs);
    const day = Math.floor(now / dayMs);
    this.#use = {
      ...use,
      hour,
      day,
      runs: use.hour === hour ? use.runs : 0,
      billedMs: use.day === day ? use.billedMs : 0,
    };
  }

  get use(): BudgetUse {
    return this.#use;
  }

  get changed(): boolean {
    const { runs, billedMs, until } = this.#use;
    const before = this.#before;
    return before.runs !== runs || before.billedMs !== billedMs || before.until !== until;
  }

  countRun(): void {
    this.#use = { ...this.#use, runs: this.#use.runs + 1 };
  }

  /** From the invocation to the end of the run, as near to what Lambda bills as the table tells. */
  countBilled(ms: number): void {
    this.#use = { ...this.#use, billedMs: this.#use.billedMs + Math.max(0, ms) };
  }

  /** Which limit is used up, and until when that holds. */
  exceeded(limits: BudgetLimits): { readonly why: string; readonly until: number } | undefined {
    const { runs, billedMs, hour, day } = this.#use;
    if (runs >= limits.runsPerHour) {
      return {
        why: `${runs} runs within the hour, and ${budgetKeys.runsPerHour} is ${limits.runsPerHour}`,
        until: (hour + 1) * hourMs,
      };
    }
    if (billedMs >= limits.msPerDay) {
      return {
        why: `${Math.round(billedMs / 1000)} s of run time within the day, and ${budgetKeys.msPerDay} is ${limits.msPerDay}`,
        until: (day + 1) * dayMs,
      };
    }
    return undefined;
  }

  /** The circuit is open while it says so; a time further away than any window was set by a clock that had jumped. */
  get isOpen(): boolean {
    return this.#use.until > this.#now && this.#use.until <= this.#now + dayMs;
  }

  open(until: number): void {
    this.#use = { ...this.#use, until };
  }

  /** Counting begins anew. */
  close(): void {
    const { hour, day } = this.#use;
    this.#use = { ...unusedBudget, hour, day };
  }
}
