import type { ConnectorConfig } from '../api/config.ts';
import type { WorkerDeps } from './worker-deps.ts';

const defaultFlushMs = 60_000;

/**
 * When offsets are committed: every `offset.flush.interval.ms`, but often enough that a kill repeats little. A commit is
 * one write a partition: the more there were in the last one, the longer until the next, within that interval, so
 * that a task stays within its ten writes a minute as long as it can (coordination.md §4, docs/operating.md).
 */
export class CommitCadence {
  readonly #clock: WorkerDeps['clock'];
  readonly #flushMs: number;
  readonly #timing: Pick<WorkerDeps['timing'], 'maxFlushIntervalMs' | 'commitWriteMs'>;
  #intervalMs: number;
  #last: number;
  #requested = false;

  constructor(config: ConnectorConfig, { clock, timing }: Pick<WorkerDeps, 'clock' | 'timing'>) {
    this.#clock = clock;
    this.#timing = timing;
    this.#flushMs = Number(config['offset.flush.interval.ms'] ?? defaultFlushMs);
    this.#intervalMs = Math.min(this.#flushMs, timing.maxFlushIntervalMs);
    this.#last = clock.monotonic();
  }

  request(): void {
    this.#requested = true;
  }

  isDue(): boolean {
    return this.#requested || this.#clock.monotonic() - this.#last >= this.#intervalMs;
  }

  /** `written`: how many partitions the commit stored. */
  committed(written: number): void {
    const { maxFlushIntervalMs, commitWriteMs } = this.#timing;
    this.#intervalMs = Math.min(this.#flushMs, Math.max(maxFlushIntervalMs, written * commitWriteMs));
    this.#requested = false;
    this.#last = this.#clock.monotonic();
  }
}
