import { type Random, seededRandom } from '../../../../lib/foundation/random.ts';

/** Choices that a seed makes again. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** Uniform, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.#random.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined && items.length === 0) throw new Error('There is nothing to pick from');
    return item as T;
  }

  /** Between none and `max` of what `make` gives. */
  some<T>(max: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.int(0, max) }, (_, index) => make(index));
  }

  /** One of the makers, so that what is not chosen is not made. */
  oneOf<T>(...makers: readonly (() => T)[]): T {
    return this.pick(makers)();
  }
}
