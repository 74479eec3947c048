import type { SinkOffsets, SinkTaskContext } from '../api/context.ts';
import { ConnectError } from '../api/errors.ts';
import type { TopicPartition } from '../api/topic-partition.ts';
import type { CommitCadence } from './commit-cadence.ts';
import { taskContext } from './plugin-context.ts';
import type { SinkErrors } from './sink-errors.ts';
import type { RunScope } from './task-runner.ts';

/** What a sink task has asked for through its context, until the runner has seen to it. */
export class SinkControl {
  readonly context: SinkTaskContext;
  readonly paused: Set<TopicPartition> = new Set();
  /** Empty until the partitions are opened: in Kafka Connect a task has no assignment while it starts. */
  #assignment: ReadonlySet<TopicPartition> = new Set();
  #seeks = new Map<TopicPartition, bigint>();
  #timeoutMs: number | undefined;

  constructor(scope: RunScope, { errors, cadence }: { errors: SinkErrors; cadence: CommitCadence }) {
    const assignment = (): ReadonlySet<TopicPartition> => this.#assignment;
    const known = (partitions: readonly TopicPartition[]): void => {
      const foreign = partitions.find((partition) => !assignment().has(partition));
      if (foreign !== undefined)
        throw new ConnectError(`${foreign} is not assigned to this task`, { code: 'ILLEGAL_WORKER_STATE' });
    };
    this.context = {
      ...taskContext(scope, scope.taskConfig),
      get assignment() {
        return assignment();
      },
      errantRecordReporter: errors.reporter,
      offset: (offsets) => {
        for (const [partition, offset] of offsets) this.#seeks.set(partition, offset);
      },
      timeout: (ms) => {
        this.#timeoutMs = ms;
      },
      pause: (...partitions) => {
        known(partitions);
        for (const partition of partitions) this.paused.add(partition);
      },
      resume: (...partitions) => {
        known(partitions);
        for (const partition of partitions) this.paused.delete(partition);
      },
      requestCommit: () => cadence.request(),
    };
  }

  /** Called before the task's `open`. */
  opened(partitions: readonly TopicPartition[]): void {
    this.#assignment = new Set(partitions);
  }

  /** The task wants to read on elsewhere: a drain is not over. */
  get hasSeeks(): boolean {
    return this.#seeks.size > 0;
  }

  takeSeeks(): SinkOffsets {
    const seeks = this.#seeks;
    this.#seeks = new Map();
    return seeks;
  }

  /** Bounds the next wait only. */
  takeTimeout(): number | undefined {
    const ms = this.#timeoutMs;
    this.#timeoutMs = undefined;
    return ms;
  }
}
