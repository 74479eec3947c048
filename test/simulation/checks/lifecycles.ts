import type { RunPhase } from '../../../lib/storage/items/runs.ts';
import type { Item } from '../../../lib/storage/table.ts';
import { storedFormat } from '../../../lib/storage/items/format.ts';
import type { Change } from '../world/store.ts';
import type { Evidence } from './evidence.ts';
import type { Verdict } from './verdict.ts';

/** The state machine drawn in lib/storage/items/runs.ts. */
const mayFollow: Readonly<Record<RunPhase, readonly RunPhase[]>> = {
  GRANTED: ['STANDBY', 'DEAD'],
  STANDBY: ['RUNNING', 'DONE', 'FAILED', 'DEAD'],
  RUNNING: ['DRAINING', 'DONE', 'FAILED', 'DEAD'],
  DRAINING: ['DONE', 'FAILED', 'DEAD'],
  DONE: [],
  FAILED: [],
  DEAD: [],
};
const finals: readonly string[] = ['DONE', 'FAILED', 'DEAD'];
/** What may still change once a run is over. */
const afterlife: ReadonlySet<string> = new Set(['folded', 'ttl', 'writeToken']);

const numberOf = (item: Item | undefined, name: string): number => Number(item?.[name] ?? 0);

/** CONNECTOR, RUN and TASK items change only along their lives, and an item of a newer format not at all. */
export class Lifecycles {
  /** Items that appeared under a deleted connector: they must be gone in the end. */
  readonly resurrected = new Set<string>();
  readonly #evidence: Evidence;
  readonly #verdict: Verdict;

  constructor(evidence: Evidence, verdict: Verdict) {
    this.#evidence = evidence;
    this.#verdict = verdict;
  }

  changed(change: Change): void {
    const { key, before, after, by } = change;
    if (by !== undefined && numberOf(before, 'format') > storedFormat)
      this.#verdict.broken(
        'Invariant 9',
        `${by.process.name} ${after === undefined ? 'removes' : 'changes'} ${key.pk}/${key.sk}, which has a newer format`,
      );
    if (key.pk === 'connectors') return this.#connector(change);
    if (!key.pk.startsWith('connector#')) return;
    const connector = this.#evidence.connector(key.pk.slice('connector#'.length));
    if (before === undefined && connector?.['targetState'] === 'DELETED')
      this.resurrected.add(`${key.pk}/${key.sk}`);
    if (after === undefined) this.resurrected.delete(`${key.pk}/${key.sk}`);
    if (key.sk.startsWith('run#')) this.#run(change);
    if (key.sk.startsWith('task#')) this.#task(change);
  }

  #connector({ key, before, after }: Change): void {
    if (after === undefined)
      return this.#verdict.broken(
        'no resurrection',
        `the stub of ${key.sk} is gone: old epochs could return`,
      );
    for (const counter of ['epoch', 'configVersion'])
      if (numberOf(after, counter) < numberOf(before, counter))
        this.#verdict.broken('epochs never fall', `${counter} of ${key.sk} falls`);
    if (after['state'] === 'FAILED' && after['trace'] === undefined)
      this.#verdict.broken('status never lies', `${key.sk} is FAILED without a trace`);
  }

  #run({ key, before, after, by }: Change): void {
    if (after === undefined || before === undefined) return;
    const [from, to] = [before['phase'] as RunPhase, after['phase'] as RunPhase];
    if (from !== to && !mayFollow[from].includes(to))
      this.#verdict.broken('run phases', `${key.sk} goes from ${from} to ${to}`);
    if (finals.includes(from) && by !== undefined) {
      const changed = Object.keys(after).find((name) => !afterlife.has(name) && !same(before, after, name));
      if (changed !== undefined)
        this.#verdict.broken(
          'final phases are final',
          `${by.process.name} changes ${changed} of ${key.sk}, which is ${from}`,
        );
    }
    if (numberOf(after, 'heartbeat') < numberOf(before, 'heartbeat'))
      this.#verdict.broken('heartbeats only rise', key.sk);
  }

  #task({ key, before, after, by }: Change): void {
    if (after === undefined || before === undefined) return;
    const runsOf = (item: Item): number => (item['stats'] as { runs?: number } | undefined)?.runs ?? 0;
    const isFolded = runsOf(after) !== runsOf(before);
    if (isFolded && numberOf(after, 'folded') <= numberOf(before, 'folded'))
      this.#verdict.broken(
        'Invariant 10',
        `${by?.process.name} folds run ${numberOf(after, 'folded')} into ${key.sk} again`,
      );
    if (numberOf(after, 'folded') < numberOf(before, 'folded'))
      this.#verdict.broken('Invariant 10', `folded of ${key.sk} falls`);
    if (after['state'] === 'FAILED' && after['trace'] === undefined)
      this.#verdict.broken('status never lies', `${key.sk} is FAILED without a trace`);
  }
}

const same = (a: Item, b: Item, name: string): boolean =>
  a[name] === b[name] || JSON.stringify(a[name]) === JSON.stringify(b[name]);
