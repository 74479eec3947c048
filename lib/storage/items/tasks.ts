import type { Condition, Table } from '../table.ts';
import { storedFormat } from './format.ts';
import { type FoldedRun, type NewTask, readTask, type TaskItem, type TaskState } from './task-item.ts';

export const connectorPk = (connector: string): string => `connector#${connector}`;
const key = (connector: string, task: number) => ({ pk: connectorPk(connector), sk: `task#${task}` });

/** The TASK items. */
export class Tasks {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  async get(connector: string, task: number): Promise<TaskItem | undefined> {
    const item = await this.#table.get(key(connector, task));
    return item && readTask(item);
  }

  async list(connector: string): Promise<TaskItem[]> {
    return (await this.#table.query(connectorPk(connector), 'task#'))
      .map(readTask)
      .sort((a, b) => a.task - b.task);
  }

  /**
   * Writes a task of a new generation; `owner` stays, so that an older run can never claim it again. False: the task is
   * no longer as it was `seen`, because another coordinator has split the connector anew or a run has claimed it.
   */
  async assign(
    connector: string,
    task: number,
    planned: NewTask,
    next: { generation: number; seen: TaskItem | undefined; token: string },
  ): Promise<boolean> {
    const { config, assignment, fresh } = planned;
    const { generation, seen, token } = next;
    const result = await this.#table.update(
      key(connector, task),
      {
        set: {
          generation,
          config,
          released: true,
          state: 'UNASSIGNED',
          unfinished: false,
          format: storedFormat,
          ...(fresh ? unburdened : {}),
          ...(assignment ? { assignment } : {}),
        },
        remove: ['trace', 'restart', 'orderly', ...(assignment ? [] : ['assignment'])],
      },
      { if: unchanged(seen), token },
    );
    return result.applied;
  }

  /** Unless it was split anew or claimed since it was seen. */
  async remove(seen: TaskItem): Promise<void> {
    await this.#table.delete(key(seen.connector, seen.task), { if: unchanged(seen) });
  }

  /**
   * Makes run `epoch` the owner: only forward, only in its generation, and only over a predecessor that released
   * the task or (`over`) is known to be over. `orderly`: only while that predecessor is seen to have ended in order.
   * Invariant 4.
   */
  async claim(
    connector: string,
    task: number,
    run: { epoch: number; generation: number; over?: number; orderly?: boolean; token: string },
  ): Promise<boolean> {
    const predecessor = run.over === undefined ? [] : [{ equals: ['owner', run.over] } as const];
    const result = await this.#table.update(
      key(connector, task),
      { set: { owner: run.epoch, released: false, state: 'RUNNING' }, remove: ['trace', 'orderly'] },
      {
        if: {
          all: [
            { any: [{ absent: 'owner' }, { less: ['owner', run.epoch] }] },
            { equals: ['generation', run.generation] },
            { any: [{ absent: 'owner' }, { equals: ['released', true] }, ...predecessor] },
            ...(run.orderly === true ? [{ equals: ['orderly', true] } as const] : []),
          ],
        },
        token: run.token,
      },
    );
    return result.applied;
  }

  /**
   * The look at the task that must follow each InitProducerId: true only while run `epoch` still owns it in its
   * generation. Notes the init, so that the next one can tell whether it is the very next. Invariant 4.
   */
  async confirmProducer(
    connector: string,
    task: number,
    run: { epoch: number; generation: number; producer: string },
  ): Promise<boolean> {
    const result = await this.#table.update(
      key(connector, task),
      { set: { producer: run.producer } },
      { if: { all: [{ equals: ['owner', run.epoch] }, { equals: ['generation', run.generation] }] } },
    );
    return result.applied;
  }

  /**
   * Lets the next run in. The owner's epoch stays: removing it would let a duplicate claim the task again. `orderly`: it
   * has the answers of all that it wrote.
   */
  async release(
    connector: string,
    task: number,
    { epoch, orderly }: { readonly epoch: number; readonly orderly: boolean },
  ): Promise<boolean> {
    const result = await this.#table.update(
      key(connector, task),
      { set: { released: true, ...(orderly ? { orderly } : {}) } },
      { if: { equals: ['owner', epoch] } },
    );
    return result.applied;
  }

  /** Takes the outcome of a finished run in, once; a second time changes nothing (Invariant 10). */
  async fold(task: TaskItem, run: FoldedRun): Promise<boolean> {
    const { epoch, trace, stats, ...rest } = run;
    const result = await this.#table.update(
      key(task.connector, task.task),
      {
        set: { folded: epoch, ...rest, stats: { ...stats }, ...(trace === null ? {} : { trace }) },
        remove: trace === null ? ['trace'] : [],
      },
      {
        if: {
          all: [
            { equals: ['generation', task.generation] },
            { any: [{ absent: 'folded' }, { less: ['folded', epoch] }] },
            // A restart that was asked for meanwhile is not to be overwritten by what its run came to.
            task.restart === 0 ? { absent: 'restart' } : { equals: ['restart', task.restart] },
          ],
        },
      },
    );
    return result.applied;
  }

  /**
   * Begins a task anew: runs up to epoch `upTo` are to end, what failed is forgotten, and its state is RESTARTING
   * until a new run has it.
   */
  async restart(task: TaskItem, upTo: number): Promise<void> {
    await this.#table.update(
      key(task.connector, task.task),
      {
        set: { state: 'RESTARTING', restart: Math.max(1, upTo), ...unburdened, unfinished: true },
        remove: ['trace'],
      },
      { if: { equals: ['generation', task.generation] } },
    );
  }

  /** Another task has shown that the outage is over: this one need not wait any longer. */
  async endWait(task: TaskItem): Promise<boolean> {
    const result = await this.#table.update(
      key(task.connector, task.task),
      { set: { attempts: 0, notBefore: 0 }, remove: ['trace'] },
      {
        if: {
          all: [
            { equals: ['generation', task.generation] },
            { equals: ['attempts', task.attempts] },
            { equals: ['notBefore', task.notBefore] },
          ],
        },
      },
    );
    return result.applied;
  }

  async setState(task: TaskItem, state: TaskState): Promise<void> {
    await this.#table.update(
      key(task.connector, task.task),
      { set: { state } },
      { if: { equals: ['generation', task.generation] } },
    );
  }
}

/** Without the failures that its earlier runs have left. */
const unburdened = { attempts: 0, notBefore: 0, deaths: 0, batchDivisor: 1, calmRuns: 0 };

/** Nobody has split the task anew or claimed it since. */
const unchanged = (seen: TaskItem | undefined): Condition =>
  seen === undefined
    ? { absent: 'generation' }
    : {
        all: [
          { equals: ['generation', seen.generation] },
          seen.owner === 0 ? { absent: 'owner' } : { equals: ['owner', seen.owner] },
        ],
      };
