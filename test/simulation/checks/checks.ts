import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { isPage } from '../../../lib/storage/items/offset-page.ts';
import type { SinkOffsets } from '../../../lib/api/context.ts';
import type { TopicPartition } from '../../../lib/api/topic-partition.ts';
import type { Actor } from '../world/actor.ts';
import type { Kafka } from '../world/kafka.ts';
import type { Setting } from '../world/setting.ts';
import type { Change, Store } from '../world/store.ts';
import type { Systems } from '../world/systems.ts';
import { Epochs } from './epochs.ts';
import { Evidence } from './evidence.ts';
import { Lifecycles } from './lifecycles.ts';
import { isTold, storesOffset } from '../world/page-changes.ts';
import { Rest } from './rest.ts';
import { SinkLedger } from './sink-ledger.ts';
import { SourceLedger } from './source-ledger.ts';
import { StatusTruth } from './status-truth.ts';
import { Verdict } from './verdict.ts';
import { Zombies } from './zombies.ts';

export interface ChecksParts {
  readonly setting: Setting;
  readonly store: Store;
  readonly kafka: Kafka;
  readonly systems: Systems;
  readonly running: () => ReadonlySet<Actor>;
  /** Sources are exactly-once. */
  readonly isExact: boolean;
}

/** All checks of a history, fed with everything that happens. */
export class Checks {
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  readonly sources: SourceLedger;
  readonly sinks: SinkLedger;
  readonly rest: Rest;
  readonly #epochs: Epochs;
  readonly #lifecycles: Lifecycles;
  readonly #zombies: Zombies;
  readonly #parts: ChecksParts;
  #status: StatusTruth | undefined;
  /** Records brought to Kafka by each connector, repetitions counted. */
  readonly #moved = new Map<string, number>();

  constructor(parts: ChecksParts) {
    this.#parts = parts;
    const { setting, store, kafka, systems } = parts;
    const { agenda } = setting;
    this.verdict = new Verdict(() => ({ at: agenda.now, step: agenda.steps }));
    this.evidence = new Evidence(store, () => agenda.now);
    this.sources = new SourceLedger({ ...parts, evidence: this.evidence, verdict: this.verdict });
    this.sinks = new SinkLedger(systems, this.evidence, this.verdict);
    this.rest = new Rest({ ...parts, evidence: this.evidence, sources: this.sources, sinks: this.sinks });
    this.#epochs = new Epochs(this.evidence, this.verdict);
    this.#lifecycles = new Lifecycles(this.evidence, this.verdict);
    this.#zombies = new Zombies(() => agenda.now, this.verdict);
    store.watchers.push((change) => this.#changed(change));
    store.onAnswer = (change, told) => {
      const { key, by } = change;
      if (!key.pk.startsWith('offsets#') || by.role !== 'run' || !storesOffset(change)) return;
      if (!told.applied && !(isPage(key) && isTold(change, told.item)))
        this.verdict.broken('a run knows its own writes', `${by.process.name} is told its commit failed`);
    };
    store.onRead = (key, item, by) => this.sources.offsetRead(by, key, item);
    kafka.watchers.push((appended) => {
      const { by, records } = appended;
      if (by.role !== 'run') return;
      this.#zombies.works(by, 'produces');
      this.#moved.set(by.connector ?? '', (this.#moved.get(by.connector ?? '') ?? 0) + records.length);
      if (this.evidence.connector(by.connector ?? '')?.['type'] === 'source')
        this.sources.recordsAppended(appended);
      else this.sinks.recordsAppended(appended);
    });
  }

  get moved(): number {
    let moved = 0;
    for (const count of this.#moved.values()) moved += count;
    return moved;
  }

  delivered(by: Actor, partition: TopicPartition, offset: bigint): void {
    this.#zombies.works(by, 'delivers');
    this.#moved.set(by.connector ?? '', (this.#moved.get(by.connector ?? '') ?? 0) + 1);
    this.sinks.delivered(by, partition, offset);
  }

  promised(by: Actor, offsets: SinkOffsets): void {
    this.sinks.promised(by, offsets);
  }

  timedOut(actor: Actor): void {
    if (!actor.process.isTroubled)
      this.verdict.broken(
        'Invariant 6',
        `${actor.process.name} reaches its deadline though nothing hindered it`,
      );
  }

  leftOver(actor: Actor, what: string): void {
    this.verdict.broken('a run leaves nothing behind', `${actor.process.name} has ended, and calls: ${what}`);
  }

  /** After a tick: compares what status says with what is. */
  async look(): Promise<void> {
    const { store, setting, running } = this.#parts;
    const state = clusterState(store.plain);
    this.#status ??= new StatusTruth({
      state,
      evidence: this.evidence,
      verdict: this.verdict,
      now: () => setting.agenda.now,
      epoch: setting.epoch,
      running: running(),
    });
    for (const item of this.evidence.connectors()) {
      const isReadable = this.evidence.isReadable(item.sk);
      const connector = isReadable ? await state.connectors.get(item.sk) : undefined;
      if (connector !== undefined) await this.#status.check(connector, this.#moved.get(item.sk) ?? 0);
    }
  }

  #changed(change: Change): void {
    this.#lifecycles.changed(change);
    const { key, after, before } = change;
    if (key.pk.startsWith('offsets#')) {
      const connector = key.pk.slice('offsets#'.length);
      if (isPage(key)) {
        this.#epochs.pageChanged(change);
        this.sinks.pageChanged(change, connector);
      } else {
        this.#epochs.offsetChanged(change);
        const partition = String((after ?? before)?.['partition']);
        this.sources.offsetChanged(change, connector, (JSON.parse(partition) as { part: string }).part);
      }
    }
    if (!key.pk.startsWith('connector#')) return;
    if (key.sk.startsWith('task#')) this.#epochs.taskChanged(change);
    if (key.sk.startsWith('run#')) this.#zombies.runChanged(change);
  }
}
