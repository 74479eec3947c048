import type { Item, Table } from '../table.ts';
import { flagOf, numberOf, textOf } from './attributes.ts';
import { checkFormat, storedFormat } from './format.ts';
import { connectorPk } from './tasks.ts';

/**
 *   GRANTED ──claim──▶ STANDBY ──task claimed──▶ RUNNING ──stopping──▶ DRAINING ──▶ DONE
 *      │                  │                         │                     └───────▶ FAILED
 *      └──────────────────┴──── declared by the coordinator ──▶ DEAD
 */
export const runPhases = ['GRANTED', 'STANDBY', 'RUNNING', 'DRAINING', 'DONE', 'FAILED', 'DEAD'] as const;
export type RunPhase = (typeof runPhases)[number];
const livePhases: readonly RunPhase[] = ['GRANTED', 'STANDBY', 'RUNNING', 'DRAINING'];
const claimedPhases: readonly RunPhase[] = ['STANDBY', 'RUNNING', 'DRAINING'];

export type RunControl = 'NONE' | 'YIELD';
export type RunReason =
  | 'CAUGHT_UP'
  | 'DEADLINE'
  | 'YIELD'
  | 'ERROR'
  | 'UNRESPONSIVE'
  | 'NOT_STARTED'
  | 'CANCELLED';

export interface RunOutcome {
  readonly reason: RunReason;
  readonly retriable: boolean;
  /** Class, message and hint; no record contents, no secrets (Invariant 8). */
  readonly error?: string;
}

export interface RunStats {
  readonly records: number;
  readonly bytes: number;
  /** Records the run still saw ahead of it; -1: unknown. */
  readonly lag: number;
  /** Partitions whose offset was out of range, so that reading went on elsewhere. */
  readonly outOfRange?: number;
  /** How often it has moved offsets on for good: what it did until then, no later run has to do again. Absent: never. */
  readonly commits?: number;
}

export interface Invocation {
  readonly requestId: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** One granted invocation of one task: claimed at most once. */
export interface RunItem {
  readonly connector: string;
  readonly epoch: number;
  readonly task: number;
  readonly generation: number;
  readonly configVersion: number;
  readonly workerVersion: string;
  readonly phase: RunPhase;
  /** Handover: the epoch of the run this one stands by for; 0: none. */
  readonly waitsFor: number;
  readonly heartbeat: number;
  /** Wall clock, milliseconds; 0 until the run has claimed itself. */
  readonly deadline: number;
  readonly control: RunControl;
  readonly grantedAt: number;
  /** Invocations sent so far, and when the last one was. */
  readonly invokes: number;
  readonly invokedAt: number;
  /** 0 while it is live. */
  readonly endedAt: number;
  /** Granted alone, to see whether an outage is over. */
  readonly probe: boolean;
  /** Who works at it; absent until it is claimed. */
  readonly invocation?: Invocation;
  readonly stats: RunStats;
  readonly outcome?: RunOutcome;
  readonly folded: boolean;
}

export const isLive = (run: RunItem): boolean => livePhases.includes(run.phase);

export interface NewRun {
  readonly connector: string;
  readonly epoch: number;
  readonly task: number;
  readonly generation: number;
  readonly configVersion: number;
  readonly workerVersion: string;
  readonly waitsFor: number;
  readonly probe: boolean;
}

export const runSortKey = (epoch: number): string => `run#${String(epoch).padStart(12, '0')}`;
const key = (connector: string, epoch: number) => ({ pk: connectorPk(connector), sk: runSortKey(epoch) });

/** How long a finished run stays readable in the table. */
const historyMs = 7 * 24 * 60 * 60 * 1000;

/** The RUN items. */
export class Runs {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  async get(connector: string, epoch: number): Promise<RunItem | undefined> {
    const item = await this.#table.get(key(connector, epoch));
    return item && readRun(item);
  }

  async grant(run: NewRun, now: number, token: string): Promise<RunItem | undefined> {
    const result = await this.#table.put(
      {
        ...key(run.connector, run.epoch),
        task: run.task,
        generation: run.generation,
        configVersion: run.configVersion,
        workerVersion: run.workerVersion,
        waitsFor: run.waitsFor,
        ...(run.probe ? { probe: true } : {}),
        phase: 'GRANTED',
        heartbeat: 0,
        deadline: 0,
        control: 'NONE',
        grantedAt: now,
        invokes: 1,
        invokedAt: now,
        stats: { records: 0, bytes: 0, lag: -1 },
        format: storedFormat,
      },
      { if: { absent: 'phase' }, token },
    );
    return result.applied ? readRun(result.item) : undefined;
  }

  /** Notes a further invocation of the same epoch; false: it was claimed meanwhile. */
  async noteInvoke(run: RunItem, now: number): Promise<boolean> {
    const result = await this.#table.update(
      key(run.connector, run.epoch),
      { set: { invokedAt: now }, add: { invokes: 1 } },
      { if: { all: [{ equals: ['phase', 'GRANTED'] }, { equals: ['invokes', run.invokes] }] } },
    );
    return result.applied;
  }

  /** One winner: a duplicate or late invocation of the same epoch gets undefined and ends. */
  async claim(
    connector: string,
    epoch: number,
    claim: { invocation: Invocation; deadline: number; token: string },
  ): Promise<RunItem | undefined> {
    const { invocation, deadline, token } = claim;
    const result = await this.#table.update(
      key(connector, epoch),
      { set: { phase: 'STANDBY', invocation: { ...invocation }, deadline }, add: { heartbeat: 1 } },
      { if: { equals: ['phase', 'GRANTED'] }, token },
    );
    return result.applied ? readRun(result.item) : undefined;
  }

  async advance(
    connector: string,
    epoch: number,
    to: 'RUNNING' | 'DRAINING',
    token: string,
  ): Promise<boolean> {
    const from: RunPhase = to === 'RUNNING' ? 'STANDBY' : 'RUNNING';
    const result = await this.#table.update(
      key(connector, epoch),
      { set: { phase: to }, add: { heartbeat: 1 } },
      { if: { equals: ['phase', from] }, token },
    );
    return result.applied;
  }

  /** A sign of life that also brings the coordinator's wish. Undefined: this run was declared dead. */
  async heartbeat(connector: string, epoch: number, stats: RunStats): Promise<RunControl | undefined> {
    const result = await this.#table.update(
      key(connector, epoch),
      { set: { stats: { ...stats } }, add: { heartbeat: 1 } },
      { if: { in: ['phase', claimedPhases] } },
    );
    return result.applied ? (textOf(result.item, 'control') as RunControl) : undefined;
  }

  async requestYield(connector: string, epoch: number): Promise<boolean> {
    const result = await this.#table.update(
      key(connector, epoch),
      { set: { control: 'YIELD' } },
      { if: { in: ['phase', livePhases] } },
    );
    return result.applied;
  }

  async finish(
    connector: string,
    epoch: number,
    end: { outcome: RunOutcome; stats: RunStats; now: number; token: string },
  ): Promise<boolean> {
    const { outcome, stats, now, token } = end;
    const result = await this.#table.update(
      key(connector, epoch),
      {
        set: {
          phase: outcome.reason === 'ERROR' ? 'FAILED' : 'DONE',
          outcome: { ...outcome },
          stats: { ...stats },
          endedAt: now,
          ttl: expiry(now),
        },
      },
      { if: { in: ['phase', claimedPhases] }, token },
    );
    return result.applied;
  }

  /** Declares the run over, unless it has given a sign of life since it was looked at. */
  async declareDead(run: RunItem, outcome: RunOutcome, now: number): Promise<boolean> {
    const result = await this.#table.update(
      key(run.connector, run.epoch),
      { set: { phase: 'DEAD', outcome: { ...outcome }, endedAt: now, ttl: expiry(now) } },
      {
        if: {
          all: [
            { equals: ['phase', run.phase] },
            { equals: ['heartbeat', run.heartbeat] },
            { equals: ['invokes', run.invokes] },
          ],
        },
      },
    );
    return result.applied;
  }

  async markFolded(run: RunItem, now: number): Promise<void> {
    await this.#table.update(
      key(run.connector, run.epoch),
      { set: { folded: true, ttl: expiry(now) } },
      { if: { exists: 'phase' } },
    );
  }

  async remove(run: RunItem): Promise<void> {
    await this.#table.delete(key(run.connector, run.epoch));
  }
}

/** DynamoDB's TTL attribute: seconds since the epoch. */
const expiry = (now: number): number => Math.floor((now + historyMs) / 1000);

export function readRun(item: Item): RunItem {
  checkFormat(item);
  const stats = (item['stats'] ?? {}) as Partial<RunStats>;
  return {
    connector: item.pk.slice('connector#'.length),
    epoch: Number(item.sk.slice('run#'.length)),
    task: numberOf(item, 'task'),
    generation: numberOf(item, 'generation'),
    configVersion: numberOf(item, 'configVersion'),
    workerVersion: textOf(item, 'workerVersion'),
    phase: textOf(item, 'phase') as RunPhase,
    waitsFor: numberOf(item, 'waitsFor'),
    heartbeat: numberOf(item, 'heartbeat'),
    deadline: numberOf(item, 'deadline'),
    control: textOf(item, 'control') as RunControl,
    grantedAt: numberOf(item, 'grantedAt'),
    invokes: numberOf(item, 'invokes'),
    invokedAt: numberOf(item, 'invokedAt'),
    endedAt: numberOf(item, 'endedAt'),
    probe: flagOf(item, 'probe'),
    ...(item['invocation'] === undefined ? {} : { invocation: item['invocation'] as unknown as Invocation }),
    stats: { ...stats, records: stats.records ?? 0, bytes: stats.bytes ?? 0, lag: stats.lag ?? -1 },
    ...(item['outcome'] === undefined ? {} : { outcome: item['outcome'] as unknown as RunOutcome }),
    folded: flagOf(item, 'folded'),
  };
}
