import type { ConnectorConfig } from '../../api/config.ts';
import { ConnectError, toConnectError } from '../../api/errors.ts';
import type { Attribute, Condition, Table, Update } from '../table.ts';
import { numberOf } from './attributes.ts';
import {
  type ConnectorItem,
  readConnector as read,
  type TargetState,
  type WorkerRef,
} from './connector-item.ts';
import { storedFormat } from './format.ts';

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
    | 'restUntil'
    | 'planAttempts'
    | 'planNotBefore'
    | 'budget'
    | 'scale'
    | 'runsFrom'
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

  /** Every connector, deleted ones' stubs left out. Throws where `listReadable` leaves out. */
  async list(): Promise<ConnectorItem[]> {
    const { connectors, refused } = await this.listReadable();
    const [first] = refused;
    if (first !== undefined) throw first.error;
    return connectors;
  }

  /**
   * The same; those of a newer format are listed apart, and do not stand in the way of the others, and so are the
   * stubs of which late writers may still leave something behind at `now`.
   */
  async listReadable(
    now = 0,
  ): Promise<{ connectors: ConnectorItem[]; refused: RefusedConnector[]; buried: ConnectorItem[] }> {
    const connectors: ConnectorItem[] = [];
    const refused: RefusedConnector[] = [];
    const buried: ConnectorItem[] = [];
    for (const item of await this.#table.query(pk)) {
      try {
        const connector = read(item);
        if (connector.targetState !== 'DELETED') connectors.push(connector);
        else if (connector.sweepUntil > now) buried.push(connector);
      } catch (error) {
        refused.push({ name: item.sk, error: toConnectError(error) });
      }
    }
    return { connectors, refused, buried };
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
          ...dueAt(now),
          runsFrom: 0,
          seen: {},
          lastTick: 0,
          format: storedFormat,
        },
        add: { configVersion: 1, epoch: 1, wishes: 1 },
        remove: ['trace', 'lockToken', 'lockUntil', 'budget', 'scale', 'sweepUntil'],
      },
      { if: { any: [{ absent: 'targetState' }, { equals: ['targetState', 'DELETED'] }] }, token },
    );
    if (!result.applied)
      throw new ConnectError(`Connector ${name} already exists`, { code: 'ALREADY_EXISTS' });
    return read(result.item);
  }

  /** Replaces the config; the target state stays. Undefined: the connector is gone or being deleted. */
  async reconfigure(
    name: string,
    config: ConnectorConfig,
    worker: WorkerRef,
    now: number,
  ): Promise<ConnectorItem | undefined> {
    return this.#wish(name, {
      set: { config, worker: { ...worker }, ...dueAt(now) },
      add: { configVersion: 1 },
      remove: ['budget'],
    });
  }

  /** The connector's function has new code: its tasks stay as they are unless that code splits the work otherwise. */
  async deploy(name: string, worker: WorkerRef, now: number): Promise<ConnectorItem | undefined> {
    return this.#wish(name, { set: { worker: { ...worker }, ...dueAt(now) } });
  }

  async setTargetState(name: string, targetState: TargetState, now: number): Promise<boolean> {
    const closesCircuit = targetState === 'RUNNING';
    const wish = { set: { targetState, nextDueAt: now, restUntil: 0 } };
    return (await this.#wish(name, closesCircuit ? { ...wish, remove: ['budget'] } : wish)) !== undefined;
  }

  /** Makes the connector due now, failed plans forgotten. */
  async runNow(name: string, now: number): Promise<boolean> {
    return (await this.#wish(name, { set: dueAt(now) })) !== undefined;
  }

  /**
   * The connector begins anew: it is planned at once, and its state is RESTARTING until then. One that is stopped
   * stays so, as in Kafka Connect: false.
   */
  async restart(name: string, now: number): Promise<boolean> {
    const restarted = await this.#wish(
      name,
      { set: { ...dueAt(now), state: 'RESTARTING' }, remove: ['budget', 'trace'] },
      { in: ['targetState', ['RUNNING', 'PAUSED']] },
    );
    return restarted !== undefined;
  }

  /** Has the next tick look at the connector although it rests, its circuit closed: its tasks were changed. */
  async wake(name: string): Promise<boolean> {
    return (await this.#wish(name, { set: { restUntil: 0 }, remove: ['budget'] })) !== undefined;
  }

  /** What somebody wants of a connector counts as a wish, so that a tick that had not seen it writes nothing over it. */
  async #wish(
    name: string,
    update: Update,
    condition: Condition = alive,
  ): Promise<ConnectorItem | undefined> {
    const result = await this.#table.update(
      { pk, sk: name },
      { ...update, add: { ...update.add, wishes: 1 } },
      { if: condition },
    );
    return result.applied ? read(result.item) : undefined;
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

  /**
   * An economy, not a safety device: keeps two ticks from doing the same work. Answers the connector as it is now, or
   * undefined where another tick is at it or there is none.
   */
  async lock(name: string, token: string, now: number, forMs: number): Promise<ConnectorItem | undefined> {
    // A lock held longer than any is was taken by a clock that had jumped.
    const free: Condition = {
      any: [{ absent: 'lockUntil' }, { less: ['lockUntil', now] }, { more: ['lockUntil', now + 2 * forMs] }],
    };
    const result = await this.#table.update(
      { pk, sk: name },
      { set: { lockToken: token, lockUntil: now + forMs } },
      { if: { all: [{ in: ['targetState', [...alive.in[1], 'DELETING']] }, free] }, token },
    );
    return result.applied ? read(result.item) : undefined;
  }

  async unlock(name: string, token: string): Promise<void> {
    await this.#table.update(
      { pk, sk: name },
      { remove: ['lockToken', 'lockUntil'] },
      { if: { equals: ['lockToken', token] } },
    );
  }

  /**
   * Writes what a tick decided, only if what is wanted and the generation are still those it decided on; a rest, only
   * if no epoch was drawn meanwhile. False: another coordinator or a wish came first, and the tick has to look again.
   */
  async save(
    seen: ConnectorItem,
    change: ConnectorChange,
    { token, unlock = false }: { readonly token: string; readonly unlock?: boolean },
  ): Promise<boolean> {
    const { trace, ...rest } = change;
    const set: Record<string, Attribute> = { ...(rest as Record<string, Attribute>) };
    if (typeof trace === 'string') set['trace'] = trace;
    const result = await this.#table.update(
      { pk, sk: seen.name },
      {
        set,
        remove: [...(trace === null ? ['trace'] : []), ...(unlock ? ['lockToken', 'lockUntil'] : [])],
      },
      {
        if: {
          all: [
            { equals: ['uid', seen.uid] },
            { equals: ['configVersion', seen.configVersion] },
            { equals: ['generation', seen.generation] },
            { equals: ['targetState', seen.targetState] },
            seen.wishes === 0 ? { absent: 'wishes' } : { equals: ['wishes', seen.wishes] },
            ...((change.restUntil ?? 0) > 0 ? [{ equals: ['epoch', seen.epoch] } as const] : []),
          ],
        },
        token,
      },
    );
    return result.applied;
  }

  /** Leaves the stub that keeps `epoch` above every old run; until `sweepUntil` it is looked after. */
  async bury(seen: ConnectorItem, sweepUntil: number): Promise<boolean> {
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
          sweepUntil,
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

export interface RefusedConnector {
  readonly name: string;
  readonly error: ConnectError;
}

const alive = { in: ['targetState', ['RUNNING', 'PAUSED', 'STOPPED']] } as const;

const dueAt = (now: number) => ({ nextDueAt: now, restUntil: 0, planAttempts: 0, planNotBefore: 0 });
