import type { ConnectorConfig } from '../../api/config.ts';
import type { Item } from '../table.ts';
import { flagOf, numberOf, optionalText, textOf } from './attributes.ts';
import { checkFormat } from './format.ts';

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
