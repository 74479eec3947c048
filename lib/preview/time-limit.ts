import { ConnectError } from '../api/errors.ts';
import type { Clock } from '../foundation/clock.ts';
import { type Deadline, deadlineIn } from '../foundation/deadline.ts';

/** How long a preview may take, whatever the code does that it runs. */
export class TimeLimit implements AsyncDisposable {
  readonly deadline: Deadline;
  readonly seconds: number;
  /** Aborted when the time is up or the user has had enough. */
  readonly signal: AbortSignal;
  readonly #over = new AbortController();
  readonly #ended = new AbortController();
  readonly #timer: Promise<void>;
  #expired = false;

  constructor(ms: number, clock: Clock, stop?: AbortSignal) {
    this.deadline = deadlineIn(ms, clock);
    this.seconds = ms / 1000;
    this.signal = stop === undefined ? this.#over.signal : AbortSignal.any([this.#over.signal, stop]);
    this.#timer = clock.sleep(ms, this.#ended.signal).then(
      () => {
        this.#expired = true;
        this.#over.abort(new ConnectError(`The ${this.seconds} s of the preview are over`));
      },
      () => undefined,
    );
  }

  /** Why it ended, if it has. */
  get end(): 'TIME_LIMIT' | 'STOPPED' | undefined {
    if (this.#expired) return 'TIME_LIMIT';
    return this.signal.aborted ? 'STOPPED' : undefined;
  }

  /** The answer, or undefined when the time was up first: then it is nobody's business any more how it ends. */
  async within<T>(work: Promise<T>): Promise<T | undefined> {
    const { promise: over, resolve } = Promise.withResolvers<undefined>();
    const onAbort = (): void => resolve(undefined);
    this.signal.addEventListener('abort', onAbort, { once: true });
    if (this.signal.aborted) onAbort();
    try {
      return await Promise.race([work, over]);
    } catch (error) {
      // What fails because it was aborted has not failed.
      if (this.signal.aborted) return undefined;
      throw error;
    } finally {
      this.signal.removeEventListener('abort', onAbort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#timer;
  }
}
