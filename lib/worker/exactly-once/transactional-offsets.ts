import type { TaskOffsetReader } from '../../api/context.ts';
import type { OffsetMap, SourceOffset, SourcePartition } from '../../api/record.ts';
import { allOver } from '../../foundation/all-over.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Random } from '../../foundation/random.ts';
import type { CallOptions, ProduceRecord } from '../../kafka/ports.ts';
import type { ClusterState } from '../../storage/items/cluster-state.ts';
import type { Keep } from '../../storage/items/offset-history.ts';
import { type LogPlace, partitionId, type StoredOffset } from '../../storage/items/offsets.ts';
import { HistoryPace, keepIf } from '../history-pace.ts';
import { aheadOfTable, type LoggedOffset, type LogTarget, offsetRecord } from './logged-offset.ts';
import type { WantedOffset } from './offsets-log-reader.ts';

/** What is committed on an offsets topic. */
export interface OffsetsLog {
  find(
    topic: string,
    wanted: readonly WantedOffset[],
    call: CallOptions,
  ): Promise<ReadonlyMap<string, LoggedOffset>>;
}

export interface TransactionalOffsetsOptions {
  readonly target: LogTarget;
  readonly log: OffsetsLog;
  /** The table has seen every init of the transactional id: a clean item in it is right. */
  readonly trusted: boolean;
  readonly state: Pick<ClusterState, 'offsets' | 'loggedOffsets'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly call: CallOptions;
}

/** A source partition this run has claimed. */
interface Claimed {
  stored: StoredOffset;
  /** What is committed is known: the table was clean, Kafka was read, or this run has committed. */
  known: boolean;
  committed: OffsetMap | null;
  /** Where the record of `committed` lies while the table does not have it yet. */
  ahead: LogPlace | undefined;
}

/** A source partition and where it is to be committed at. */
export interface NotedOffset {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

/**
 * The offsets of an exactly-once run. Kafka's record is the truth and the OFFSET item a view of it: `clean` tells
 * whether the view can be trusted without reading Kafka (docs/exactly-once.md). Reading or committing a partition
 * claims it first, so that from the first transaction on the item is not clean.
 */
export class TransactionalOffsets implements TaskOffsetReader {
  readonly #options: TransactionalOffsetsOptions;
  readonly #claims = new Map<string, Promise<Claimed>>();
  readonly #history = new HistoryPace();
  /** One look into Kafka after the other. */
  #looking: Promise<unknown> = Promise.resolve();

  constructor(options: TransactionalOffsetsOptions) {
    this.#options = options;
  }

  async get(partition: SourcePartition): Promise<SourceOffset | null> {
    return (await this.getAll([partition]))[0] ?? null;
  }

  async getAll(partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]> {
    const claims = await allOver(partitions.map((partition) => this.#claim(partition)));
    await this.#know(claims);
    return claims.map(({ committed }) => committed);
  }

  /** Only the table: these are names of partitions from before, which no run writes any more. */
  async peek(partition: SourcePartition): Promise<SourceOffset | null> {
    const { state, target } = this.#options;
    return state.offsets.peek(target.connector, partition);
  }

  /** Makes these partitions the run's own, as must be before anything of them is committed. */
  async claim(partitions: Iterable<SourcePartition>): Promise<void> {
    const claims = await allOver([...partitions].map((partition) => this.#claim(partition)));
    // Once this topic gets records, nobody will look into the one that may have been ahead before.
    const { topic } = this.#options.target;
    await this.#know(claims.filter(({ stored: { aheadIn } }) => aheadIn !== topic));
  }

  records(noted: Iterable<NotedOffset>): ProduceRecord[] {
    return [...noted].map(({ partition, offset }) => offsetRecord(this.#options.target, partition, offset));
  }

  /** Notes what a transaction has committed; the table follows with `store`. */
  async committed(noted: readonly NotedOffset[], places: readonly LogPlace[]): Promise<void> {
    for (const [i, { partition, offset }] of noted.entries()) {
      const claimed = await this.#claim(partition);
      claimed.known = true;
      claimed.committed = offset;
      claimed.ahead = places[i];
    }
  }

  /**
   * Brings the table up to what is committed, and answers how many writes it took. `clean`: as the last act of a run
   * that ends in order.
   */
  async store({ clean }: { readonly clean: boolean }): Promise<number> {
    const { state, target, clock } = this.#options;
    const claims = await Promise.all(this.#claims.values());
    const behind = claims.filter(({ ahead }) => ahead !== undefined).map(({ stored }) => stored);
    const kept = this.#history.choose(behind, clock.now());
    for (const claimed of claims) {
      if (claimed.ahead !== undefined)
        await this.#follow(claimed, claimed.ahead, { clean, keep: keepIf(kept.has(claimed.stored)) });
      // What is committed of a partition nobody asked for may be ahead of the table still.
      else if (clean && claimed.known)
        await state.loggedOffsets.release(target.connector, claimed.stored, target.epoch);
    }
    return behind.length + kept.size;
  }

  #claim(partition: SourcePartition): Promise<Claimed> {
    const id = partitionId(partition);
    const known = this.#claims.get(id);
    if (known !== undefined) return known;
    const claim = this.#claimItem(partition);
    this.#claims.set(id, claim);
    return claim;
  }

  async #claimItem(partition: SourcePartition): Promise<Claimed> {
    const { state, target, trusted } = this.#options;
    const { stored, wasClean } = await state.loggedOffsets.claim(target.connector, partition, target);
    return { stored, known: wasClean && trusted, committed: stored.offset, ahead: undefined };
  }

  async #know(claims: readonly Claimed[]): Promise<void> {
    const unknown = claims.filter(({ known }) => !known);
    if (unknown.length === 0) return;
    const look = this.#looking.then(() => this.#look(unknown));
    this.#looking = look.catch(() => undefined);
    await look;
  }

  /** Asks Kafka for what the table cannot be trusted with, and puts the table right where it was behind. */
  async #look(unknown: readonly Claimed[]): Promise<void> {
    const claims = unknown.filter(({ known }) => !known);
    if (claims.length === 0) return;
    const { target, state } = this.#options;
    const here = await this.#find(target.topic, claims);
    // The topic was changed: what an earlier run has committed to the one before may not be in the table.
    const elsewhere = new Map<string, ReadonlyMap<string, LoggedOffset>>();
    for (const [topic, group] of Map.groupBy(claims, ({ stored }) => stored.aheadIn))
      if (topic !== undefined && topic !== target.topic) elsewhere.set(topic, await this.#find(topic, group));
    for (const claimed of claims) {
      const id = partitionId(claimed.stored.partition);
      const found = [here.get(id), elsewhere.get(claimed.stored.aheadIn ?? '')?.get(id)];
      const newest = aheadOfTable(
        claimed.stored,
        found.filter((logged) => logged !== undefined),
      );
      claimed.known = true;
      if (newest !== undefined) {
        claimed.committed = newest.offset;
        await this.#follow(claimed, newest.place, { clean: false, keep: 'when due' });
      } else if (claimed.stored.aheadIn !== target.topic) {
        const { loggedOffsets } = state;
        claimed.stored = await loggedOffsets.moveTo(
          target.topic,
          target.connector,
          claimed.stored,
          target.epoch,
        );
      }
    }
  }

  #find(topic: string, claims: readonly Claimed[]): Promise<ReadonlyMap<string, LoggedOffset>> {
    const { log, call } = this.#options;
    const wanted = claims.map(({ stored: { partition, log: since } }) => ({
      partition,
      ...(since === undefined ? {} : { since }),
    }));
    return log.find(topic, wanted, call);
  }

  async #follow(
    claimed: Claimed,
    log: LogPlace,
    { clean, keep }: { readonly clean: boolean; readonly keep: Keep },
  ): Promise<void> {
    const { state, target, clock, random } = this.#options;
    claimed.stored = await state.loggedOffsets.store(target.connector, claimed.stored, claimed.committed, {
      epoch: target.epoch,
      now: clock.now(),
      token: random.token(),
      log,
      topic: target.topic,
      clean,
      keep,
    });
    claimed.ahead = undefined;
  }
}
