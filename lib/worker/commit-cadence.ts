import type { ConnectorConfig } from '../api/config.ts';
import type { WorkerDeps } from './worker-deps.ts';

const defaultFlushMs = 60_000;

/** When offsets are committed: every `offset.flush.interval.ms`, but often enough that a kill repeats little. */
export class CommitCadence {
  readonly #clock: WorkerDeps['clock'];
  readonly #intervalMs: number;
  #last: number;
  #requested = false;

  constructor(config: ConnectorConfig, { clock, timing }: Pick<WorkerDeps, 'clock' | 'timing'>) {
    this.#clock = clock;
    this.#intervalMs = Math.min(
      Number(config['offset.flush.interval.ms'] ?? defaultFlushMs),
      timing.maxFlushIntervalMs,
    );
    this.#last = clock.monotonic();
  }

  request(): void {
    this.#requested = true;
  }

  isDue(): boolean {
    return this.#requested || this.#clock.monotonic() - this.#last >= this.#intervalMs;
  }

  committed(): void {
    this.#requested = false;
    this.#last = this.#clock.monotonic();
  }
}
