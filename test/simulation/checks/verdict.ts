/** A promise that was broken: which one (numbers of docs/invariants.md, or a row of the table) and how. */
export interface Violation {
  readonly promise: string;
  readonly what: string;
  readonly at: number;
  readonly step: number;
}

/** Collects what the checks find; a history ends with the first. */
export class Verdict {
  readonly violations: Violation[] = [];
  readonly #now: () => { at: number; step: number };

  constructor(now: () => { at: number; step: number }) {
    this.#now = now;
  }

  get isBroken(): boolean {
    return this.violations.length > 0;
  }

  broken(promise: string, what: string): void {
    this.violations.push({ promise, what, ...this.#now() });
  }
}
