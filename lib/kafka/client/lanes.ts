/**
 * Numbers for work that goes on at the same time, the lowest free one first. A broker answers the requests of one
 * connection in order, so a long poll would hold up every fetch behind it: each of several fetches at once goes
 * over a connection of its own. A function that runs one task never gets beyond lane 0.
 */
export class Lanes {
  readonly #taken = new Set<number>();

  async run<T>(work: (lane: number) => Promise<T>): Promise<T> {
    let lane = 0;
    while (this.#taken.has(lane)) lane++;
    this.#taken.add(lane);
    try {
      return await work(lane);
    } finally {
      this.#taken.delete(lane);
    }
  }
}
