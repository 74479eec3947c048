import type { ConnectorConfig } from '../../api/config.ts';
import type { Condition, Item, Table } from '../table.ts';
import { flagOf, numberOf, optionalText, textOf } from './attributes.ts';
import { checkFormat, storedFormat } from './format.ts';

export const taskStates = ['UNASSIGNED', 'RUNNING', 'PAUSED', 'FAILED', 'RESTARTING'] as const;
export type TaskState = (typeof taskStates)[number];

/** Sink assignment: topic → partitions. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

export interface TaskStats {
  readonly records: number;
  readonly bytes: number;
  readonly runs: number;
  /** Times a sink found its offset out of range and went on elsewhere. */
  readonly outOfRange: number;
}

/** One task of the current generation, and who owns it. */
export interface TaskItem {
  readonly connector: string;
  readonly task: number;
  readonly generation: number;
  readonly config: ConnectorConfig;
  /** Sinks only. */
  readonly assignment?: Assignment;
  /** Epoch of the run that claimed it last; never falls, also after release. */
  readonly owner: number;
  readonly released: boolean;
  /** The owner ended without an error in this generation and released it: no write of it can come any more. */
  readonly orderly: boolean;
  readonly state: TaskState;
  readonly trace?: string;
  /** Retriable failures in a row; 0 after a success. */
  readonly attempts: number;
  /** No run is granted before this time. */
  readonly notBefore: number;
  /** Runs in a row that ended without a word (killed, out of memory, timed out); 1 after one that had committed. */
  readonly deaths: number;
  /** Its runs take batches of this part of the usual size: 1, 2, 4 … after deaths in a row. */
  readonly batchDivisor: number;
  /** Runs in a row that went well with the present divisor. */
  readonly calmRuns: number;
  /** Runs up to this epoch are to end: the task was restarted. 0: it was not. */
  readonly restart: number;
  /** Who ran it last: the log stream of its last run; '': nobody yet. */
  readonly worker: string;
  /** Epoch of the last run whose end was folded into this item. */
  readonly folded: number;
  /** The last drain ended at its deadline, with more to read: due at once. */
  readonly unfinished: boolean;
  readonly stats: TaskStats;
  /** Exactly-once sources: the last init of the transactional id by a run that owned the task, as `id:epoch`. */
  readonly producer?: string;
}

export interface PlannedTask {
  readonly config: ConnectorConfig;
  readonly assignment?: Assignment;
}

/** `fresh`: of another config, so that what earlier runs have taught is forgotten. */
export type NewTask = PlannedTask & { readonly fresh: boolean };

/** What the end of a run means for its task. */
export interface FoldedRun {
  readonly epoch: number;
  readonly state: TaskState;
  readonly trace: string | null;
  readonly attempts: number;
  readonly notBefore: number;
  readonly deaths: number;
  readonly batchDivisor: number;
  readonly calmRuns: number;
  readonly unfinished: boolean;
  readonly worker: string;
  readonly stats: TaskStats;
}

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

export function readTask(item: Item): TaskItem {
  checkFormat(item);
  const stats = (item['stats'] ?? {}) as Partial<TaskStats>;
  return {
    connector: item.pk.slice('connector#'.length),
    task: Number(item.sk.slice('task#'.length)),
    generation: numberOf(item, 'generation'),
    config: (item['config'] ?? {}) as Record<string, string>,
    ...(item['assignment'] === undefined ? {} : { assignment: item['assignment'] as unknown as Assignment }),
    owner: numberOf(item, 'owner'),
    released: flagOf(item, 'released'),
    orderly: flagOf(item, 'orderly'),
    state: textOf(item, 'state') as TaskState,
    ...optionalText(item, 'trace'),
    attempts: numberOf(item, 'attempts'),
    notBefore: numberOf(item, 'notBefore'),
    deaths: numberOf(item, 'deaths'),
    batchDivisor: Math.max(1, numberOf(item, 'batchDivisor')),
    calmRuns: numberOf(item, 'calmRuns'),
    restart: numberOf(item, 'restart'),
    worker: textOf(item, 'worker'),
    folded: numberOf(item, 'folded'),
    unfinished: flagOf(item, 'unfinished'),
    stats: {
      records: stats.records ?? 0,
      bytes: stats.bytes ?? 0,
      runs: stats.runs ?? 0,
      outOfRange: stats.outOfRange ?? 0,
    },
    ...(typeof item['producer'] === 'string' ? { producer: item['producer'] } : {}),
  };
}
