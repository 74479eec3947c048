import type { ConnectorConfig } from '../api/config.ts';
import type { WorkerDeps } from './worker-deps.ts';

const key = 'offset.flush.interval.ms';

/**
 * When offsets are committed: often enough that a kill repeats little, and within the ten writes a minute of a task as
 * long as it can be. The more writes the last commit took, the longer until the next, up to
 * `offset.flush.interval.ms` of the connector or the worker where it is given, else up to five minutes
 * (ADR 3 and 13, docs/operating.md).
 */
export class CommitCadence {
  readonly #clock: WorkerDeps['clock'];
  readonly #mostMs: number;
  readonly #timing: WorkerDeps['timing'];
  #intervalMs: number;
  #last: number;
  #requested = false;

  constructor(
    config: ConnectorConfig,
    { clock, timing, workerConfig }: Pick<WorkerDeps, 'clock' | 'timing' | 'workerConfig'>,
  ) {
    this.#clock = clock;
    this.#timing = timing;
    const given = config[key] ?? workerConfig[key];
    this.#mostMs = given === undefined ? timing.longestCommitIntervalMs : Number(given);
    this.#intervalMs = Math.min(this.#mostMs, timing.maxFlushIntervalMs);
    this.#last = clock.monotonic();
  }

  request(): void {
    this.#requested = true;
  }

  isDue(): boolean {
    return this.#requested || this.#clock.monotonic() - this.#last >= this.#intervalMs;
  }

  /** `written`: how many writes the commit took, those of the history with them. */
  committed(written: number): void {
    const { maxFlushIntervalMs, commitWriteMs } = this.#timing;
    this.#intervalMs = Math.min(this.#mostMs, Math.max(maxFlushIntervalMs, written * commitWriteMs));
    this.#requested = false;
    this.#last = this.#clock.monotonic();
  }
}
