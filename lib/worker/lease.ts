import { ConnectError } from '../api/errors.ts';
import {
  isLive,
  type Invocation,
  type RunItem,
  type RunOutcome,
  type RunStats,
} from '../storage/items/runs.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** Why a run should come to an orderly end. */
export type StopReason = 'YIELD' | 'DEADLINE';

const noStats: RunStats = { records: 0, bytes: 0, lag: -1 };

/**
 * A run's hold on its task: claimed once, kept alive by heartbeats, given back at the end. `signal` is aborted when
 * the hold is lost; from then on the run must write nothing.
 */
export class Lease {
  readonly run: RunItem;
  readonly #deps: WorkerDeps;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  #beating: Promise<void> = Promise.resolve();
  #yield = false;
  #followsOrderly = false;
  /** What the next heartbeat reports; the runner keeps it current. */
  stats: RunStats = noStats;
  #commits = 0;

  private constructor(run: RunItem, deps: WorkerDeps) {
    this.run = run;
    this.#deps = deps;
    this.#yield = run.control === 'YIELD';
  }

  /** Claims the run; undefined for a duplicate or late invocation, which must end at once. */
  static async claim(
    request: { connector: string; epoch: number },
    invocation: Invocation,
    deadline: number,
    deps: WorkerDeps,
  ): Promise<Lease | undefined> {
    const run = await deps.state.runs.claim(request.connector, request.epoch, {
      invocation,
      deadline,
      token: deps.random.token(),
    });
    return run && new Lease(run, deps);
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** The run before has ended in order, in the same split: nothing that it wrote can still arrive. */
  get followsOrderly(): boolean {
    return this.#followsOrderly;
  }

  get yieldRequested(): boolean {
    return this.#yield;
  }

  /** Offsets have moved on for good. A run that has told so does not count as fruitless if it is killed later. */
  noteCommit(): void {
    this.#commits++;
  }

  startHeartbeat(): void {
    this.#beating = this.#beat();
  }

  /**
   * Claims the task, asking a live predecessor to yield and waiting until it has released the task or is over.
   * False: the task is of another generation now, a later run owns it, or this run was told to yield itself.
   */
  async takeTask(signal: AbortSignal): Promise<boolean> {
    const { state, clock, random, timing } = this.#deps;
    const { connector, task, epoch, generation } = this.run;
    const token = random.token();
    for (;;) {
      signal.throwIfAborted();
      if (this.#yield) return false;
      const item = await state.tasks.get(connector, task);
      if (item === undefined || item.generation !== generation || item.owner > epoch) return false;
      if (item.owner === epoch) return true;
      const over =
        item.released || item.owner === 0 ? undefined : await this.#finishedPredecessor(item.owner);
      if (item.released || item.owner === 0 || over !== undefined) {
        const { orderly } = item;
        const run = { epoch, generation, token, orderly, ...(over === undefined ? {} : { over }) };
        if (!(await state.tasks.claim(connector, task, run))) continue;
        this.#followsOrderly = orderly;
        return true;
      }
      await clock.sleep(timing.standbyPollMs, signal);
    }
  }

  /** The owner's epoch if its run is over without having released the task (it died); otherwise asks it to yield. */
  async #finishedPredecessor(owner: number): Promise<number | undefined> {
    const predecessor = await this.#deps.state.runs.get(this.run.connector, owner);
    if (predecessor === undefined || !isLive(predecessor)) return owner;
    if (predecessor.control !== 'YIELD') await this.#deps.state.runs.requestYield(this.run.connector, owner);
    return undefined;
  }

  async advance(to: 'RUNNING' | 'DRAINING'): Promise<void> {
    const { connector, epoch } = this.run;
    if (!(await this.#deps.state.runs.advance(connector, epoch, to, this.#deps.random.token())))
      throw this.#lose('it was declared dead');
  }

  /** Ends the hold in order: heartbeats stop, the task is released (its owner's epoch stays), the outcome is stored. */
  async finish(outcome: RunOutcome): Promise<void> {
    this.#ended.abort();
    await this.#beating;
    const { state, clock, random } = this.#deps;
    const { connector, task, epoch } = this.run;
    await state.tasks.release(connector, task, { epoch, orderly: outcome.reason !== 'ERROR' });
    await state.runs.finish(connector, epoch, {
      outcome,
      stats: this.#report(),
      now: clock.now(),
      token: random.token(),
    });
  }

  async #beat(): Promise<void> {
    const { clock, timing, state, log } = this.#deps;
    const { connector, epoch } = this.run;
    let last = clock.monotonic();
    while (!this.#ended.signal.aborted && !this.#lost.signal.aborted) {
      try {
        await clock.sleep(timing.heartbeatMs, this.#ended.signal);
        const control = await state.runs.heartbeat(connector, epoch, this.#report());
        if (control === undefined) {
          this.#lose('it was declared dead');
          return;
        }
        if (control === 'YIELD') this.#yield = true;
        last = clock.monotonic();
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        log.warn('heartbeat failed', { epoch, error: String(error) });
      }
      if (clock.monotonic() - last >= timing.abandonMs)
        this.#lose(`no heartbeat succeeded for ${timing.abandonMs / 1000} s`);
    }
  }

  #report(): RunStats {
    return this.#commits === 0 ? this.stats : { ...this.stats, commits: this.#commits };
  }

  #lose(why: string): ConnectError {
    const error = new ConnectError(`Run ${this.run.epoch} lost its lease: ${why}`, { code: 'FENCED' });
    if (!this.#lost.signal.aborted) this.#lost.abort(error);
    return error;
  }
}
