import type { SinkPlugin } from '../api/connector.ts';
import { ConnectError } from '../api/errors.ts';
import type { SinkTask } from '../api/sink.ts';
import type { SinkOffsets } from '../api/context.ts';
import { asRetriable, isOutage } from '../errors/outage.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import { createConverters } from '../pipeline/converters.ts';
import { SinkPipeline } from '../pipeline/sink-pipeline.ts';
import { createTransformationChain } from '../pipeline/transformation-chain.ts';
import { ActiveTopics, distinctTopics } from './active-topics.ts';
import { CommitCadence } from './commit-cadence.ts';
import { GroupMirror } from './group-mirror.ts';
import { isFenced, RunPages } from './run-pages.ts';
import { SinkControl } from './sink-control.ts';
import { SinkErrors } from './sink-errors.ts';
import { assignedPartitions, SinkPositions } from './sink-positions.ts';
import { type SinkBatch, SinkReader } from './sink-reader.ts';
import { type RunEnd, type RunScope, stopReason } from './task-runner.ts';

/** Longest wait for data: how soon a yield or a commit is noticed. */
const pollMs = 1_000;
/** Delay before a batch that threw a RetriableError is put again, unless the task asked for another. */
const retryMs = 300;

/** Runs one sink task: fetch → convert → transform → put → preCommit → commit, until it should stop. */
export async function runSinkTask(plugin: SinkPlugin, scope: RunScope, kafka: KafkaClient): Promise<RunEnd> {
  const task = await plugin.task();
  const runner = new SinkTaskRunner(task, scope, kafka);
  try {
    await task.start?.(scope.taskConfig, runner.control.context);
    return await runner.run();
  } finally {
    await runner.errors.close();
    try {
      await task.stop?.();
    } catch (error) {
      scope.log.warn('stop failed', { error: String(error) });
    }
  }
}

class SinkTaskRunner {
  readonly control: SinkControl;
  readonly errors: SinkErrors;
  readonly #task: SinkTask;
  readonly #scope: RunScope;
  readonly #kafka: KafkaClient;
  readonly #pages: RunPages;
  readonly #positions: SinkPositions;
  readonly #reader: SinkReader;
  readonly #cadence: CommitCadence;
  readonly #active: ActiveTopics;
  readonly #mirror: GroupMirror;
  #failedCommits = 0;
  #records = 0;

  constructor(task: SinkTask, scope: RunScope, kafka: KafkaClient) {
    const { config, deps } = scope;
    const converters = createConverters(config, deps.workerConfig, deps.registry);
    this.#task = task;
    this.#scope = scope;
    this.#kafka = kafka;
    this.#cadence = new CommitCadence(config, deps);
    this.#active = new ActiveTopics(scope);
    this.#mirror = new GroupMirror(scope, kafka);
    this.errors = new SinkErrors(scope, kafka, converters);
    this.control = new SinkControl(scope, {
      errors: this.errors,
      cadence: this.#cadence,
    });
    this.#pages = new RunPages({
      connector: scope.connector.name,
      epoch: scope.lease.run.epoch,
      pages: deps.state.offsetPages,
      clock: deps.clock,
    });
    this.#positions = new SinkPositions(this.#pages);
    const pipeline = new SinkPipeline(
      createTransformationChain(config, deps.registry),
      converters,
      this.errors.operator,
    );
    this.#reader = new SinkReader({
      scope,
      kafka,
      positions: this.#positions,
      pipeline,
      ...(this.errors.reporter === null ? {} : { origins: this.errors.origins }),
    });
  }

  async run(): Promise<RunEnd> {
    const { signal, softDeadline } = this.#scope;
    const partitions = assignedPartitions(this.#scope.task.assignment ?? {});
    const { reset } = this.#reader.settings;
    await this.#positions.claim(partitions, reset, this.#kafka, { signal, deadline: softDeadline });
    const goal = this.#scope.draining ? await this.#reader.ends() : undefined;
    this.control.opened(partitions);
    await this.#task.open?.(partitions, this.control.context);
    let failed = true;
    try {
      const end = await this.#loop(goal);
      failed = false;
      return end;
    } finally {
      try {
        await this.#closePartitions(partitions, failed);
      } finally {
        await this.#reader.close();
      }
    }
  }

  async #loop(goal: SinkOffsets | undefined): Promise<RunEnd> {
    for (;;) {
      const stop = stopReason(this.#scope);
      if (stop !== undefined) return stop;
      this.#applySeeks();
      const batch = await this.#reader.read(
        this.control.paused,
        Math.min(this.control.takeTimeout() ?? pollMs, pollMs),
      );
      const stopped = await this.#put(batch);
      if (stopped !== undefined) return stopped;
      if (goal !== undefined && !this.control.hasSeeks && this.#reached(goal)) return 'CAUGHT_UP';
      if (this.#cadence.isDue()) await this.#commit();
    }
  }

  /**
   * Delivers the batch; a RetriableError (or any other sign of an outage, which fails the task in Kafka Connect) has
   * the very same batch delivered again until the run should stop.
   */
  async #put(batch: SinkBatch): Promise<RunEnd | undefined> {
    const { deps, log, signal, lease } = this.#scope;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#task.put(batch.records, this.control.context);
        await this.errors.settle();
        break;
      } catch (error) {
        this.errors.discard();
        if (signal.aborted) throw error;
        if (!isOutage(error)) throw unrecoverable(error);
        if (attempt >= deps.timing.maxRetriesInRun) throw asRetriable(error, 'The sink cannot write');
        log.warn('put failed, the batch is to be delivered again', { attempt, error: String(error) });
        await deps.clock.sleep(this.control.takeTimeout() ?? retryMs * 2 ** (attempt - 1), signal);
        const stop = stopReason(this.#scope);
        if (stop !== undefined) return stop;
      }
    }
    this.#positions.delivered(batch.next);
    this.#records += batch.records.length;
    const { bytes, lag, outOfRange } = this.#reader;
    lease.stats = { records: this.#records, bytes, lag, ...(outOfRange > 0 ? { outOfRange } : {}) };
    await this.#active.note(distinctTopics(batch.records, (record) => record.originalTopic));
    return undefined;
  }

  #applySeeks(): void {
    for (const [partition, offset] of this.control.takeSeeks()) {
      if (this.control.context.assignment.has(partition)) this.#positions.seek(partition, offset);
      else this.#scope.log.warn('offset() for a partition that is not assigned is ignored', { partition });
    }
  }

  #reached(goal: SinkOffsets): boolean {
    for (const [partition, end] of goal) {
      if (!this.control.paused.has(partition) && this.#positions.position(partition) < end) return false;
    }
    return true;
  }

  /** A failing flush or preCommit rewinds to the last commit and goes on, as in Kafka Connect. */
  async #commit(): Promise<void> {
    const before = this.#pages.written;
    try {
      await this.#store(await this.#preCommit());
      this.#failedCommits = 0;
    } catch (error) {
      this.#failedCommits++;
      if (this.#scope.signal.aborted || this.#failedCommits >= this.#scope.deps.timing.maxRetriesInRun)
        throw commitFailed(error);
      if (isFenced(error)) throw error;
      this.#scope.log.warn('offset commit failed; reading again from the last one', { error: String(error) });
      this.#positions.rewind();
    }
    this.#cadence.committed(this.#pages.written - before);
  }

  async #preCommit(): Promise<SinkOffsets> {
    const current = this.#positions.current();
    const { context } = this.control;
    const offsets = await this.#task.preCommit?.(current, context);
    if (offsets !== undefined) return offsets;
    await this.#task.flush?.(current, context);
    return current;
  }

  async #store(offsets: SinkOffsets): Promise<void> {
    this.#scope.signal.throwIfAborted();
    const { stored, ignored } = await this.#positions.commit(offsets);
    if (stored.size > 0) this.#scope.lease.noteCommit();
    if (ignored.length > 0)
      this.#scope.log.warn('offsets beyond what was delivered are ignored', { partitions: ignored });
    await this.#mirror.show(stored);
  }

  /**
   * preCommit → close → store, in Kafka Connect's order: a close that fails leaves its records uncommitted. After a
   * failure this is the last commit of what was delivered before it, and must not hide that failure.
   */
  async #closePartitions(
    partitions: readonly Parameters<SinkPositions['position']>[0][],
    failed: boolean,
  ): Promise<void> {
    const { signal, lease, log } = this.#scope;
    if (signal.aborted) {
      await this.#task.close?.(partitions, this.control.context);
      return;
    }
    try {
      if (!failed) await lease.advance('DRAINING');
      // What the task has asked for since the last read is where the next run goes on.
      this.#applySeeks();
      let offsets: SinkOffsets;
      try {
        offsets = await this.#preCommit();
      } finally {
        await this.#task.close?.(partitions, this.control.context);
      }
      await this.#store(offsets);
    } catch (error) {
      if (!failed) throw commitFailed(error);
      log.warn('last offset commit failed; its records will be read again', { error: String(error) });
    }
  }
}

/** Connect's words for whatever put throws; what it was stands behind, as the cause. */
const unrecoverable = (error: unknown): ConnectError =>
  new ConnectError('Exiting WorkerSinkTask due to unrecoverable exception.', {
    cause: error,
    ...(error instanceof ConnectError && error.hint !== undefined ? { hint: error.hint } : {}),
  });

/** Kafka Connect only logs this, time after time; here the run ends, tries again after a while, and says why. */
const commitFailed = (error: unknown): unknown =>
  isFenced(error)
    ? error
    : asRetriable(error, 'Offsets cannot be committed; their records will be read again');
