import { RetriableError } from '../../../lib/api/errors.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Item, Key, Table, WriteOptions, WriteResult } from '../../../lib/storage/table.ts';
import type { Agenda } from '../engine/agenda.ts';
import type { Dice } from '../engine/dice.ts';
import type { Trip } from '../engine/process.ts';
import type { Weather } from '../faults/weather.ts';
import type { Actor } from './actor.ts';

/** One item changed: `by` is undefined when the world itself did it. */
export interface Change {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly by: Actor | undefined;
}

export interface StoreOptions {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly weather: Weather;
}

const id = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

/**
 * The DynamoDB table of a history: the memory table behind a network that is slow, throttles, is down for a while,
 * or loses answers. Each write is shown to the watchers at the moment it takes effect.
 */
export class Store {
  readonly items = new Map<string, Item>();
  readonly watchers: ((change: Change) => void)[] = [];
  /** Told what the first of two equal writes changed, and what their caller was told. */
  onAnswer: (change: Change & { readonly by: Actor }, told: WriteResult) => void = () => undefined;
  /** Told of each item as it is read, at the moment it is. */
  onRead: (key: Key, item: Item | undefined, by: Actor) => void = () => undefined;
  #downUntil = 0;
  readonly #inner: Table = memoryTable();
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** The table as one process reaches it. */
  table(actor: Actor): Table {
    const { process } = actor;
    return {
      get: (key) => process.call('read', this.#trip(), () => this.#get(key, actor)),
      query: (pk, prefix) => process.call('query', this.#trip(), () => this.#inner.query(pk, prefix)),
      put: (item, options) => this.#write(item, actor, options, () => this.#inner.put(item, options)),
      update: (key, update, options) =>
        this.#write(key, actor, options, () => this.#inner.update(key, update, options)),
      delete: (key, options) => process.call('delete', this.#trip(), () => this.#delete(key, actor, options)),
    };
  }

  item(pk: string, sk: string): Item | undefined {
    return this.items.get(`${pk}\n${sk}`);
  }

  /** Every item of `pk`. */
  partition(pk: string): Item[] {
    return [...this.items.values()].filter((item) => item.pk === pk);
  }

  /** Changes an item behind the back of the code under test. */
  async set(key: Key, attributes: Record<string, number | string>): Promise<void> {
    const { item } = (await this.#inner.update(key, { set: attributes })) as { item: Item };
    this.#note(key, item, undefined);
  }

  /** The newer version is back, and writes the item as this version can read it. */
  async restoreFormat(key: Key): Promise<void> {
    if (this.item(key.pk, key.sk)?.['format'] === 2) await this.set(key, { format: 1 });
  }

  /** The table without a network, for looking only. */
  get plain(): Table {
    return this.#inner;
  }

  /** A copy to try something on. */
  async copy(): Promise<Table> {
    const copy = memoryTable();
    for (const item of this.items.values()) await copy.put(item);
    return copy;
  }

  calm(): void {
    this.#downUntil = 0;
  }

  async #get(key: Key, actor: Actor): Promise<Item | undefined> {
    const item = await this.#inner.get(key);
    this.onRead(key, item, actor);
    return item;
  }

  async #write(
    key: Key,
    actor: Actor,
    options: WriteOptions | undefined,
    apply: () => Promise<WriteResult>,
  ): Promise<WriteResult> {
    const { weather, agenda, dice } = this.#options;
    const noted = async (): Promise<WriteResult> => {
      const result = await apply();
      if (result.applied) this.#note(key, result.item, actor);
      return result;
    };
    const trip = this.#trip();
    const twice = trip.failure === undefined && weather.strikes('table write sent twice');
    if (!twice) return actor.process.call('write', trip, noted);
    actor.process.isTroubled = true;
    // The first answer is lost, so that the SDK sends the write again: the caller gets the second answer.
    const again = dice.between(50, 5_000);
    return actor.process.call('write', trip, async () => {
      const before = this.item(key.pk, key.sk);
      const first = await noted();
      await new Promise<void>((resolve) => agenda.after(again, resolve));
      const second = await noted();
      if (first.applied) this.onAnswer({ key, before, after: first.item, by: actor }, second);
      return second;
    });
  }

  async #delete(key: Key, actor: Actor, options?: WriteOptions): Promise<{ applied: boolean }> {
    const result = await this.#inner.delete(key, options);
    if (result.applied) this.#note(key, undefined, actor);
    return result;
  }

  #note(key: Key, after: Item | undefined, by: Actor | undefined): void {
    const before = this.items.get(id(key));
    if (before === after) return;
    if (after === undefined) this.items.delete(id(key));
    else this.items.set(id(key), after);
    const change: Change = { key: { pk: key.pk, sk: key.sk }, before, after, by };
    for (const watch of this.watchers) watch(change);
  }

  #trip(): Trip {
    const { agenda, dice, weather } = this.#options;
    const error = (why: string): Error => new RetriableError(`The table does not answer: ${why}`);
    const swift = { out: dice.between(1, 8), back: dice.between(1, 8) };
    if (weather.isCalm) return swift;
    if (weather.strikes('table down')) this.#downUntil = agenda.now + dice.between(5_000, 200_000);
    if (agenda.now < this.#downUntil) {
      return { out: 1, back: dice.between(4_000, 25_000), failure: { when: 'lost', error: error('outage') } };
    }
    if (weather.strikes('table throttled')) {
      return { out: 1, back: dice.between(200, 3_000), failure: { when: 'lost', error: error('throttled') } };
    }
    if (weather.strikes('table answer lost')) {
      const back = dice.between(1_000, 25_000);
      return { ...swift, back, failure: { when: 'unanswered', error: error('connection reset') } };
    }
    if (weather.strikes('table slow'))
      return { out: dice.between(10, 5_000), back: dice.between(10, 10_000) };
    return swift;
  }
}
