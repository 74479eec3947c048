import type { ConnectorConfig } from '../../api/config.ts';
import type { Item } from '../table.ts';
import { numberOf, optionalText, textOf } from './attributes.ts';
import { checkFormat } from './format.ts';

export const targetStates = ['RUNNING', 'PAUSED', 'STOPPED', 'DELETING', 'DELETED'] as const;
export type TargetState = (typeof targetStates)[number];
export const connectorStates = [
  'UNASSIGNED',
  'RUNNING',
  'PAUSED',
  'STOPPED',
  'FAILED',
  'RESTARTING',
] as const;
export type ConnectorState = (typeof connectorStates)[number];

/** The function that carries the connector's plugins; `version` changes when its code does. */
export interface WorkerRef {
  readonly functionName: string;
  readonly version: string;
}

/** What a connector has used of its budget; `until` is set while its circuit is open. */
export interface BudgetUse {
  /** The hour and the day (since the epoch) that are being counted. */
  readonly hour: number;
  readonly runs: number;
  readonly day: number;
  readonly billedMs: number;
  /** Nothing is granted before this time; 0: the circuit is closed. */
  readonly until: number;
}

/** What the scaling of a sink remembers from plan to plan. */
export interface ScaleMemory {
  /** Records a second of one task, as its runs showed it; 0: not known yet. */
  readonly rate: number;
  /** Plans in a row that asked for fewer tasks than there are. */
  readonly low: number;
}

/** One connector: what is wanted (config, targetState) and what the coordinator remembers about it. */
export interface ConnectorItem {
  readonly name: string;
  /** Changes when a deleted connector is created again. */
  readonly uid: string;
  readonly type: 'source' | 'sink';
  /** Exactly as given (Invariant 7); placeholders of secrets stay placeholders (Invariant 8). */
  readonly config: ConnectorConfig;
  readonly configVersion: number;
  /** Counts what was asked of the connector: a tick writes only over wishes it has seen. */
  readonly wishes: number;
  readonly targetState: TargetState;
  readonly worker: WorkerRef;
  /** Counter for run epochs and generations; kept when the connector is deleted. */
  readonly epoch: number;
  /** Generation whose TASK items are in force; 0: none. Drawn from `epoch`, so no two coordinators share one. */
  readonly generation: number;
  readonly taskCount: number;
  /** Transactional ids (of tasks 0 to n - 1) that runs of the generation in force, or of the last one, write under. */
  readonly transactionalTasks: number;
  /** configVersion the tasks were planned from; 0: never planned. */
  readonly plannedFrom: number;
  /** Worker version the tasks were planned by. */
  readonly plannedBy: string;
  readonly state: ConnectorState;
  readonly trace?: string;
  /** When the next drain or rediscovery is due, milliseconds since the epoch. */
  readonly nextDueAt: number;
  /** A tick has nothing to do here before this time, unless a change sets it back to 0. */
  readonly restUntil: number;
  /** Failed plans in a row, and when the next may be tried. */
  readonly planAttempts: number;
  readonly planNotBefore: number;
  readonly budget: BudgetUse;
  readonly scale: ScaleMemory;
  /** Runs before this epoch are history: over, and folded into their tasks. */
  readonly runsFrom: number;
  /** What the last tick saw of each live run: epoch → [heartbeat, seen since]. */
  readonly seen: Readonly<Record<string, readonly [number, number]>>;
  readonly lastTick: number;
  /** Of a deleted connector's stub: until then ticks remove what late writers leave behind. 0: over. */
  readonly sweepUntil: number;
}

export const unusedBudget: BudgetUse = { hour: 0, runs: 0, day: 0, billedMs: 0, until: 0 };
export const unknownScale: ScaleMemory = { rate: 0, low: 0 };

export function readConnector(item: Item): ConnectorItem {
  checkFormat(item);
  return {
    name: item.sk,
    uid: textOf(item, 'uid'),
    type: item['type'] === 'sink' ? 'sink' : 'source',
    config: (item['config'] ?? {}) as Record<string, string>,
    configVersion: numberOf(item, 'configVersion'),
    wishes: numberOf(item, 'wishes'),
    targetState: textOf(item, 'targetState') as TargetState,
    worker: (item['worker'] ?? { functionName: '', version: '' }) as unknown as WorkerRef,
    epoch: numberOf(item, 'epoch'),
    generation: numberOf(item, 'generation'),
    taskCount: numberOf(item, 'taskCount'),
    transactionalTasks: numberOf(item, 'transactionalTasks'),
    plannedFrom: numberOf(item, 'plannedFrom'),
    plannedBy: textOf(item, 'plannedBy'),
    state: textOf(item, 'state') as ConnectorState,
    ...optionalText(item, 'trace'),
    nextDueAt: numberOf(item, 'nextDueAt'),
    restUntil: numberOf(item, 'restUntil'),
    planAttempts: numberOf(item, 'planAttempts'),
    planNotBefore: numberOf(item, 'planNotBefore'),
    budget: { ...unusedBudget, ...(item['budget'] as unknown as Partial<BudgetUse> | undefined) },
    scale: { ...unknownScale, ...(item['scale'] as unknown as Partial<ScaleMemory> | undefined) },
    runsFrom: numberOf(item, 'runsFrom'),
    seen: (item['seen'] ?? {}) as unknown as ConnectorItem['seen'],
    lastTick: numberOf(item, 'lastTick'),
    sweepUntil: numberOf(item, 'sweepUntil'),
  };
}
