import { isLive } from '../../../lib/storage/items/runs.ts';
import type { Item } from '../../../lib/storage/table.ts';
import type { Change } from '../world/store.ts';
import type { Evidence } from './evidence.ts';
import { slotChanges } from '../world/page-changes.ts';
import type { Verdict } from './verdict.ts';

const numberOf = (item: Item | undefined, name: string): number => Number(item?.[name] ?? 0);

/** Invariants 3 and 4 at the items themselves: who may write an OFFSET, and who may own a TASK. */
export class Epochs {
  readonly #evidence: Evidence;
  readonly #verdict: Verdict;

  constructor(evidence: Evidence, verdict: Verdict) {
    this.#evidence = evidence;
    this.#verdict = verdict;
  }

  offsetChanged({ before, after, by }: Change): void {
    if (after === undefined) return this.#verdict.broken('offsets survive', 'an OFFSET item was removed');
    const [was, is] = [numberOf(before, 'epoch'), numberOf(after, 'epoch')];
    if (is < was)
      this.#verdict.broken('Invariant 4', `an OFFSET falls from epoch ${was} to ${is} (${by?.process.name})`);
    if (by?.role !== 'run') return;
    if (by.epoch !== is || is < was)
      this.#verdict.broken('Invariant 3', `${by.process.name} writes an OFFSET of epoch ${is}`);
    if (before?.['offset'] === after['offset']) return;
    if (numberOf(after, 'version') !== numberOf(before, 'version') + 1)
      this.#verdict.broken(
        'Invariant 3',
        `${by.process.name} commits version ${numberOf(after, 'version')} after ${numberOf(before, 'version')}`,
      );
    if (was > (by.epoch ?? 0))
      this.#verdict.broken('Invariant 4', `${by.process.name} commits an offset that run ${was} has claimed`);
  }

  /** The same for each partition of a page, whose partitions belong to different runs. */
  pageChanged(change: Change): void {
    const { after, by } = change;
    if (after === undefined) return this.#verdict.broken('offsets survive', 'a page of offsets was removed');
    for (const slot of slotChanges(change)) {
      const { partition, before: was, after: is } = slot;
      if (is.epoch < was.epoch)
        this.#verdict.broken('Invariant 4', `${partition} falls from epoch ${was.epoch} to ${is.epoch}`);
      const isSame = was.epoch === is.epoch && was.offset === is.offset && was.turns === is.turns;
      if (by?.role !== 'run' || isSame) continue;
      if (was.epoch > (by.epoch ?? 0))
        this.#verdict.broken(
          'Invariant 4',
          `${by.process.name} writes the offset of ${partition}, which run ${was.epoch} has claimed`,
        );
      if (by.epoch !== is.epoch)
        this.#verdict.broken(
          'Invariant 3',
          `${by.process.name} writes the offset of ${partition}, which is that of run ${is.epoch}`,
        );
    }
  }

  taskChanged({ before, after, by, key }: Change): void {
    if (after === undefined) return;
    const connector = key.pk.slice('connector#'.length);
    const [was, is] = [numberOf(before, 'owner'), numberOf(after, 'owner')];
    if (is < was) this.#verdict.broken('Invariant 4', `the owner of ${key.sk} falls from ${was} to ${is}`);
    if (is > was) this.#checkClaim(connector, { before, after, by, key });
    if (numberOf(after, 'generation') < numberOf(before, 'generation'))
      this.#verdict.broken('generations only rise', `${key.sk} of ${connector} falls back`);
    if (numberOf(after, 'generation') > numberOf(before, 'generation'))
      this.#checkBarrier(connector, before, numberOf(after, 'generation'));
  }

  #checkClaim(connector: string, { before, after, by, key }: Change): void {
    const name = by?.process.name ?? 'nobody';
    const owner = numberOf(after, 'owner');
    if (by?.role !== 'run' || by.epoch !== owner)
      return this.#verdict.broken('Invariant 4', `${name} makes run ${owner} the owner of ${key.sk}`);
    const run = this.#evidence.run(connector, owner);
    if (run !== undefined && run.generation !== numberOf(after, 'generation'))
      this.#verdict.broken(
        'a run claims tasks of its own generation only',
        `${name} of generation ${run.generation} claims ${key.sk} of generation ${numberOf(after, 'generation')}`,
      );
    const predecessor = this.#evidence.run(connector, numberOf(before, 'owner'));
    if (before?.['released'] !== true && predecessor !== undefined && isLive(predecessor))
      this.#verdict.broken(
        'never two owners',
        `${name} claims ${key.sk} while run ${predecessor.epoch} is ${predecessor.phase}`,
      );
  }

  /** A task of the new split is written only when no run of the old one owns it. */
  #checkBarrier(connector: string, before: Item | undefined, generation: number): void {
    const old = this.#evidence.run(connector, numberOf(before, 'owner'));
    if (old !== undefined && isLive(old) && before?.['released'] !== true)
      this.#verdict.broken(
        'generation barrier',
        `tasks of generation ${generation} are written while run ${old.epoch} of ${old.generation} is ${old.phase}`,
      );
  }
}
