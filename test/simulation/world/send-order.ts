import { errorOf } from '../../../lib/kafka/error-codes.ts';

const networkException = 13;

/**
 * Sends of one producer take effect in the order in which they were called, as an idempotent producer's do: where one is
 * lost, so are those that were called before that was known.
 */
export class SendOrder {
  #last: Promise<boolean> = Promise.resolve(true);
  #underWay = 0;

  /** `send` waits for its turn right before it takes effect. */
  async next<T>(send: (turn: () => Promise<void>) => Promise<T>): Promise<T> {
    const { promise: taken, resolve: tell } = Promise.withResolvers<boolean>();
    const before = this.#underWay === 0 ? Promise.resolve(true) : this.#last;
    this.#last = taken;
    this.#underWay++;
    try {
      return await send(async () => {
        if (!(await before)) throw errorOf(networkException);
        tell(true);
      });
    } finally {
      tell(false);
      this.#underWay--;
    }
  }
}
