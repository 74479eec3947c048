import { ConnectError } from '../api/errors.ts';
import { splitTopicPartition, topicPartition, type TopicPartition } from '../api/topic-partition.ts';
import { allOver } from '../foundation/all-over.ts';
import type { Clock } from '../foundation/clock.ts';
import { isKept, type Keep } from '../storage/items/offset-history.ts';
import { type OffsetPage, type PageId, pageOf, pageSortKey } from '../storage/items/offset-page.ts';
import type { OffsetPages } from '../storage/items/offset-pages.ts';
import { HistoryPace, keepIf } from './history-pace.ts';

export interface PageOwner {
  readonly connector: string;
  readonly epoch: number;
  readonly pages: OffsetPages;
  readonly clock: Pick<Clock, 'now'>;
}

/** What this run has of one page. */
interface Share {
  readonly id: PageId;
  readonly partitions: number[];
  /** As last seen; undefined: not claimed yet, or a write has failed and may have been applied or not. */
  page: OffsetPage | undefined;
}

export interface PagesCommit {
  /** Of every page that was stored, also where another one failed. */
  readonly stored: StoredOffsets;
  readonly failure?: { readonly error: unknown };
}

/** Null: none is stored. */
export type StoredOffsets = ReadonlyMap<TopicPartition, bigint | null>;

/**
 * One run's view of its topic-partitions: it claims them for this run's epoch, and commits them only while no later run
 * has claimed them (Invariants 3 and 4), each page of them with one write.
 */
export class RunPages {
  readonly #owner: PageOwner;
  readonly #shares = new Map<string, Share>();
  readonly #history = new HistoryPace();
  /** Writes to the table, those that failed as well. */
  written = 0;

  constructor(owner: PageOwner) {
    this.#owner = owner;
  }

  /** Makes these partitions the run's own, and answers what is stored of each. */
  async claim(partitions: readonly TopicPartition[]): Promise<StoredOffsets> {
    const shares = partitions.map((each) => {
      const { topic, partition } = splitTopicPartition(each);
      const share = this.#share(topic, partition);
      share.partitions.push(partition);
      share.page = undefined;
      return share;
    });
    return this.#read([...new Set(shares)]);
  }

  /** What is stored of those partitions whose last write may have been applied or not. */
  recover(): Promise<StoredOffsets> {
    return this.#read([...this.#shares.values()].filter(({ page }) => page === undefined));
  }

  /**
   * Of partitions that are claimed, and recovered since a commit of them has failed; null deletes. What is replaced is
   * kept in the history now and then, or in any case.
   */
  async tryCommit(
    offsets: StoredOffsets,
    { always = false }: { readonly always?: boolean } = {},
  ): Promise<PagesCommit> {
    const changes = new Map<Share, Map<number, bigint | null>>();
    for (const [each, offset] of offsets) {
      const { topic, partition } = splitTopicPartition(each);
      const share = this.#share(topic, partition);
      changes.set(share, (changes.get(share) ?? new Map<number, bigint | null>()).set(partition, offset));
    }
    const seen = [...changes.keys()].flatMap(({ page }) => page ?? []);
    const due = this.#history.choose(seen, this.#owner.clock.now());
    const stored = new Map<TopicPartition, bigint | null>();
    const failures: unknown[] = [];
    const write = async (share: Share, change: ReadonlyMap<number, bigint | null>): Promise<void> => {
      try {
        await this.#write(share, change, (page) => (always ? 'always' : keepIf(due.has(page))));
        for (const [partition, offset] of change)
          stored.set(topicPartition(share.id.topic, partition), offset);
      } catch (error) {
        failures.push(error);
      }
    };
    await Promise.all([...changes].map(([share, change]) => write(share, change)));
    return failures.length === 0 ? { stored } : { stored, failure: { error: worst(failures) } };
  }

  /** The same; throws when a page could not be stored. */
  async commit(...given: Parameters<RunPages['tryCommit']>): Promise<void> {
    const { failure } = await this.tryCommit(...given);
    if (failure !== undefined) throw failure.error;
  }

  async #write(
    share: Share,
    change: ReadonlyMap<number, bigint | null>,
    keepOf: (page: OffsetPage) => Keep,
  ): Promise<void> {
    const { connector, epoch, pages, clock } = this.#owner;
    const { page } = share;
    if (page === undefined)
      throw new ConnectError(`Bug: offsets of ${share.id.topic} are committed without a claim`);
    const keep = keepOf(page);
    const now = clock.now();
    this.written += isKept(page, now, keep) ? 2 : 1;
    share.page = undefined;
    share.page = await pages.commit(connector, page, change, { epoch, now, keep });
  }

  async #read(shares: readonly Share[]): Promise<StoredOffsets> {
    const { connector, epoch, pages } = this.#owner;
    const found = new Map<TopicPartition, bigint | null>();
    const read = async (share: Share): Promise<void> => {
      const { id, partitions } = share;
      this.written++;
      const page = await pages.claim(connector, id, partitions, epoch);
      share.page = page;
      for (const partition of partitions)
        found.set(topicPartition(id.topic, partition), page.slots.get(partition)?.offset ?? null);
    };
    await allOver(shares.map(read));
    return found;
  }

  #share(topic: string, partition: number): Share {
    const id = pageOf(topic, partition);
    const key = pageSortKey(id);
    const share = this.#shares.get(key) ?? { id, partitions: [], page: undefined };
    this.#shares.set(key, share);
    return share;
  }
}

/** A later run's claim ends this one, whatever else went wrong. */
const worst = (failures: readonly unknown[]): unknown => failures.find(isFenced) ?? failures[0];

export const isFenced = (error: unknown): boolean => error instanceof ConnectError && error.code === 'FENCED';
