import { type Random, seededRandom } from '../../../lib/foundation/random.ts';

/** All chance of a history, from its seed: the same seed, the same history. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    // Neighbouring seeds must not begin alike.
    this.#random = seededRandom(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b));
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.#random.next();
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.#random.next() * (to - from + 1));
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.#random.next() * choices.length)];
    if (choice === undefined) throw new RangeError('Nothing to pick from');
    return choice;
  }

  /** A random stream of its own, for code that takes a `Random`. */
  stream(): Random {
    return seededRandom(Math.floor(this.#random.next() * 2 ** 32));
  }
}
