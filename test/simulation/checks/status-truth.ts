import { type ConnectorStatus, connectorStatus } from '../../../lib/coordinator/status.ts';
import type { ClusterState } from '../../../lib/storage/items/cluster-state.ts';
import type { ConnectorItem } from '../../../lib/storage/items/connector-item.ts';
import type { Actor } from '../world/actor.ts';
import type { Evidence } from './evidence.ts';
import type { Verdict } from './verdict.ts';

/** A claim may be old by what it takes to notice: this long, and so many looks of the coordinator. */
const noticeMs = 90_000 + 2 * 60_000;
const noticePasses = 4;

interface Claim {
  readonly text: string;
  readonly since: number;
  readonly passes: number;
}

/**
 * Status never lies: what it says may be old by the time it takes to notice, no longer. Compared with the processes
 * themselves, which the code under test cannot see.
 */
export class StatusTruth {
  readonly #state: ClusterState;
  readonly #evidence: Evidence;
  readonly #verdict: Verdict;
  readonly #now: () => number;
  readonly #epoch: number;
  readonly #false = new Map<string, Claim>();
  /** Invocations of runs that have neither ended nor died. */
  readonly #running: ReadonlySet<Actor>;

  constructor(options: {
    state: ClusterState;
    evidence: Evidence;
    verdict: Verdict;
    now: () => number;
    /** Wall clock at the beginning. */
    epoch: number;
    running: ReadonlySet<Actor>;
  }) {
    this.#state = options.state;
    this.#evidence = options.evidence;
    this.#verdict = options.verdict;
    this.#now = options.now;
    this.#epoch = options.epoch;
    this.#running = options.running;
  }

  /** `moved`: records a connector's runs have brought anywhere, repetitions counted. */
  async check(connector: ConnectorItem, moved: number): Promise<ConnectorStatus> {
    const status = await connectorStatus(connector, this.#state, this.#epoch + this.#now());
    const { name } = connector;
    for (const task of status.tasks) {
      if (task.state === 'FAILED' && task.trace === undefined)
        this.#verdict.broken('status never lies', `${name}/${task.id} is FAILED without a trace`);
      const isAtWork = [...this.#running].some(
        ({ connector: of, epoch, process }) => of === name && epoch === task.run && process.state !== 'dead',
      );
      this.#judge(
        `${name}/${task.id} RUNNING in run ${task.run}`,
        task.state === 'RUNNING' && task.run !== undefined && !isAtWork,
        name,
      );
    }
    const rests = status.state === connector.targetState && ['PAUSED', 'STOPPED'].includes(status.state);
    this.#judge(`${name} ${status.state}`, rests && status.tasks.some(({ run }) => run !== undefined), name);
    const counted = status.tasks.reduce((sum, { records }) => sum + records, 0);
    if (status.type === 'source' && counted > moved)
      this.#verdict.broken('status never lies', `${name} shows ${counted} records, but moved ${moved}`);
    return status;
  }

  #judge(text: string, isFalse: boolean, connector: string): void {
    const passes = this.#evidence.passes.get(connector) ?? 0;
    if (!isFalse) return void this.#false.delete(text);
    const claim = this.#false.get(text) ?? { text, since: this.#now(), passes };
    this.#false.set(text, claim);
    if (this.#now() - claim.since > noticeMs && passes - claim.passes >= noticePasses)
      this.#verdict.broken(
        'status never lies',
        `for ${Math.round((this.#now() - claim.since) / 1000)} s it has said: ${text}`,
      );
  }
}
