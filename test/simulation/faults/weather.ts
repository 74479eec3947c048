import type { Dice } from '../engine/dice.ts';
import { allFaultKinds, type FaultCounts, type FaultKind, faultKinds } from './fault-kinds.ts';

/** How much stronger or weaker than usual a kind of fault is in one history; 0: it does not occur. */
const strengths = [0, 0, 0.5, 1, 1, 3];

/**
 * Decides what strikes when. Each history has its own weather: some kinds are absent, some frequent, so that rare
 * sequences are not drowned by common faults. Once it is calm nothing strikes any more.
 */
export class Weather {
  isCalm = false;
  readonly counts: FaultCounts = {};
  readonly #dice: Dice;
  readonly #strength = new Map<FaultKind, number>();

  constructor(dice: Dice, only?: readonly FaultKind[]) {
    this.#dice = dice;
    for (const kind of allFaultKinds) {
      const strength = dice.pick(strengths);
      if (faultKinds[kind].chance === 1) this.#strength.set(kind, 1);
      else this.#strength.set(kind, only === undefined || only.includes(kind) ? strength : 0);
    }
  }

  /** One opportunity for a fault of this kind; true: it happens, and is counted. */
  strikes(kind: FaultKind): boolean {
    if (this.isCalm) return false;
    const probability = faultKinds[kind].chance * (this.#strength.get(kind) ?? 0);
    if (probability === 0 || !this.#dice.chance(Math.min(0.9, probability))) return false;
    this.count(kind);
    return true;
  }

  count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }
}
