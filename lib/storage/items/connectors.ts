import type { ConnectorConfig } from '../../api/config.ts';
import { ConnectError } from '../../api/errors.ts';
import type { Attribute, Item, Table } from '../table.ts';
import { numberOf, optionalText, textOf } from './attributes.ts';
import { checkFormat, storedFormat } from './format.ts';

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

/** One connector: what is wanted (config, targetState) and what the coordinator remembers about it. */
export interface ConnectorItem {
  readonly name: string;
  /** Changes when a deleted connector is created again. */
  readonly uid: string;
  readonly type: 'source' | 'sink';
  /** Exactly as given (Invariant 7); placeholders of secrets stay placeholders (Invariant 8). */
  readonly config: ConnectorConfig;
  readonly configVersion: number;
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
  /** Worker version the tasks run on. */
  readonly plannedBy: string;
  readonly state: ConnectorState;
  readonly trace?: string;
  /** When the next drain or rediscovery is due, milliseconds since the epoch. */
  readonly nextDueAt: number;
  /** Failed plans in a row, and when the next may be tried. */
  readonly planAttempts: number;
  readonly planNotBefore: number;
  /** What the last tick saw of each live run: epoch → [heartbeat, seen since]. */
  readonly seen: Readonly<Record<string, readonly [number, number]>>;
  readonly lastTick: number;
}

export type ConnectorChange = Partial<
  Pick<
    ConnectorItem,
    | 'generation'
    | 'taskCount'
    | 'transactionalTasks'
    | 'plannedFrom'
    | 'plannedBy'
    | 'state'
    | 'nextDueAt'
    | 'planAttempts'
    | 'planNotBefore'
    | 'seen'
    | 'lastTick'
    | 'targetState'
  >
> & { readonly trace?: string | null };

const pk = 'connectors';

/** The CONNECTOR items. */
export class Connectors {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  /** Every connector, deleted ones' stubs left out. */
  async list(): Promise<ConnectorItem[]> {
    const items = await this.#table.query(pk);
    return items.map(read).filter((connector) => connector.targetState !== 'DELETED');
  }

  async get(name: string): Promise<ConnectorItem | undefined> {
    const item = await this.#table.get({ pk, sk: name });
    if (item === undefined) return undefined;
    const connector = read(item);
    return connector.targetState === 'DELETED' ? undefined : connector;
  }

  /** The connector or, where it was deleted, its stub. */
  async getWithStub(name: string): Promise<ConnectorItem | undefined> {
    const item = await this.#table.get({ pk, sk: name });
    return item && read(item);
  }

  /** Creates the connector, or brings a deleted one's stub back to life above all its old epochs. */
  async create(connector: NewConnector, now: number, token: string): Promise<ConnectorItem> {
    const { name, uid, type, config, targetState, worker } = connector;
    const result = await this.#table.update(
      { pk, sk: name },
      {
        set: {
          uid,
          type,
          config,
          targetState,
          worker: { ...worker },
          generation: 0,
          taskCount: 0,
          plannedFrom: 0,
          plannedBy: '',
          state: 'UNASSIGNED',
          nextDueAt: now,
          planAttempts: 0,
          planNotBefore: 0,
          seen: {},
          lastTick: 0,
          format: storedFormat,
        },
        add: { configVersion: 1, epoch: 1 },
        remove: ['trace', 'lockToken', 'lockUntil'],
      },
      { if: { any: [{ absent: 'targetState' }, { equals: ['targetState', 'DELETED'] }] }, token },
    );
    if (!result.applied)
      throw new ConnectError(`Connector ${name} already exists`, { code: 'ALREADY_EXISTS' });
    return read(result.item);
  }

  /** Replaces the config; the target state stays. False: the connector is gone or being deleted. */
  async reconfigure(
    name: string,
    config: ConnectorConfig,
    worker: WorkerRef,
    now: number,
  ): Promise<ConnectorItem | undefined> {
    const result = await this.#table.update(
      { pk, sk: name },
      {
        set: { config, worker: { ...worker }, nextDueAt: now, planAttempts: 0, planNotBefore: 0 },
        add: { configVersion: 1 },
      },
      { if: alive },
    );
    return result.applied ? read(result.item) : undefined;
  }

  async setTargetState(name: string, targetState: TargetState, now: number): Promise<boolean> {
    const result = await this.#table.update(
      { pk, sk: name },
      { set: { targetState, nextDueAt: now } },
      { if: alive },
    );
    return result.applied;
  }

  /**
   * Makes the connector due now, failed plans forgotten; with `restartTasks` its tasks begin anew as well, even if the
   * split is the same.
   */
  async runNow(name: string, now: number, { restartTasks = false } = {}): Promise<boolean> {
    const result = await this.#table.update(
      { pk, sk: name },
      {
        set: {
          nextDueAt: now,
          planAttempts: 0,
          planNotBefore: 0,
          ...(restartTasks ? { plannedFrom: 0 } : {}),
        },
      },
      { if: alive },
    );
    return result.applied;
  }

  /** Epochs and generations: unique and rising, whoever asks. A lost answer only skips a number. */
  async nextEpoch(name: string): Promise<number> {
    const result = await this.#table.update(
      { pk, sk: name },
      { add: { epoch: 1 } },
      { if: { exists: 'uid' } },
    );
    if (!result.applied) throw new ConnectError(`Connector ${name} does not exist`, { code: 'NOT_FOUND' });
    return numberOf(result.item, 'epoch');
  }

  /** An economy, not a safety device: keeps two ticks from doing the same work. */
  async lock(name: string, token: string, now: number, forMs: number): Promise<boolean> {
    const result = await this.#table.update(
      { pk, sk: name },
      { set: { lockToken: token, lockUntil: now + forMs } },
      { if: { all: [{ exists: 'uid' }, { any: [{ absent: 'lockUntil' }, { less: ['lockUntil', now] }] }] } },
    );
    return result.applied;
  }

  async unlock(name: string, token: string): Promise<void> {
    await this.#table.update(
      { pk, sk: name },
      { remove: ['lockToken', 'lockUntil'] },
      { if: { equals: ['lockToken', token] } },
    );
  }

  /**
   * Writes what a tick decided, only if config and generation are still those it decided on. False: another
   * coordinator or a config change came first, and the next tick starts from what is stored then.
   */
  async save(seen: ConnectorItem, change: ConnectorChange, token: string): Promise<boolean> {
    const { trace, ...rest } = change;
    const set: Record<string, Attribute> = { ...(rest as Record<string, Attribute>) };
    if (typeof trace === 'string') set['trace'] = trace;
    const result = await this.#table.update(
      { pk, sk: seen.name },
      { set, ...(trace === null ? { remove: ['trace'] } : {}) },
      {
        if: {
          all: [
            { equals: ['uid', seen.uid] },
            { equals: ['configVersion', seen.configVersion] },
            { equals: ['generation', seen.generation] },
            { equals: ['targetState', seen.targetState] },
          ],
        },
        token,
      },
    );
    return result.applied;
  }

  /** Leaves the stub that keeps `epoch` above every old run. */
  async bury(seen: ConnectorItem): Promise<boolean> {
    const result = await this.#table.update(
      { pk, sk: seen.name },
      {
        set: {
          targetState: 'DELETED',
          state: 'UNASSIGNED',
          config: {},
          seen: {},
          generation: 0,
          taskCount: 0,
          plannedFrom: 0,
        },
        remove: ['trace', 'lockToken', 'lockUntil'],
      },
      { if: { all: [{ equals: ['uid', seen.uid] }, { equals: ['targetState', 'DELETING'] }] } },
    );
    return result.applied;
  }
}

export interface NewConnector {
  readonly name: string;
  readonly uid: string;
  readonly type: 'source' | 'sink';
  readonly config: ConnectorConfig;
  readonly targetState: 'RUNNING' | 'PAUSED' | 'STOPPED';
  readonly worker: WorkerRef;
}

const alive = { in: ['targetState', ['RUNNING', 'PAUSED', 'STOPPED']] } as const;

function read(item: Item): ConnectorItem {
  checkFormat(item);
  return {
    name: item.sk,
    uid: textOf(item, 'uid'),
    type: item['type'] === 'sink' ? 'sink' : 'source',
    config: (item['config'] ?? {}) as Record<string, string>,
    configVersion: numberOf(item, 'configVersion'),
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
    planAttempts: numberOf(item, 'planAttempts'),
    planNotBefore: numberOf(item, 'planNotBefore'),
    seen: (item['seen'] ?? {}) as unknown as ConnectorItem['seen'],
    lastTick: numberOf(item, 'lastTick'),
  };
}
