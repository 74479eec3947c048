import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { storedFormat } from '../../../lib/storage/items/format.ts';
import { readRun, type RunItem } from '../../../lib/storage/items/runs.ts';
import type { Item } from '../../../lib/storage/table.ts';
import type { Actor } from '../world/actor.ts';
import type { Change, Store } from '../world/store.ts';

/** Passes nearer to each other than this count as one. */
const spacingMs = 45_000;
const jumpMs = 20 * 60_000;

/** What checks look up: items as they are now, and the config each run works with. */
export class Evidence {
  readonly #store: Store;
  readonly #configs = new Map<string, ConnectorConfig>();
  /** configVersion of each run that was granted, also of those that are deleted. */
  readonly #versions = new Map<string, number>();
  /** Passes of the coordinator that came to their end, by connector, those in quick succession counted once. */
  readonly passes = new Map<string, number>();
  readonly #passedAt = new Map<string, number>();
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    store.watchers.push((change) => this.#note(change));
  }

  connector(name: string): Item | undefined {
    return this.#store.item('connectors', name);
  }

  connectors(): Item[] {
    return this.#store.partition('connectors');
  }

  /** False while an item of it has a newer format: then nobody may touch it. */
  isReadable(connector: string): boolean {
    const items = [this.connector(connector), ...this.#store.partition(`connector#${connector}`)];
    return items.every((item) => Number(item?.['format'] ?? 0) <= storedFormat);
  }

  run(connector: string, epoch: number): RunItem | undefined {
    const item = this.#store.item(`connector#${connector}`, `run#${String(epoch).padStart(12, '0')}`);
    return item && readRun({ ...item, format: 1 });
  }

  runs(connector: string): RunItem[] {
    return this.#store
      .partition(`connector#${connector}`)
      .filter((item) => item.sk.startsWith('run#'))
      .map((item) => readRun({ ...item, format: 1 }));
  }

  /** The config a run was granted for. */
  configOf({ connector = '', epoch = 0 }: Actor): ConnectorConfig {
    const version = this.#versions.get(`${connector}@${epoch}`) ?? 0;
    return this.#configs.get(`${connector}@${version}`) ?? {};
  }

  #note({ key, before, after }: Change): void {
    if (before === undefined && key.sk.startsWith('run#'))
      this.#versions.set(
        `${key.pk.slice('connector#'.length)}@${Number(key.sk.slice(4))}`,
        Number(after?.['configVersion']),
      );
    if (key.pk !== 'connectors' || after === undefined) return;
    const version = after['configVersion'] as number;
    if (!this.#configs.has(`${key.sk}@${version}`))
      this.#configs.set(`${key.sk}@${version}`, (after['config'] ?? {}) as ConnectorConfig);
    if (before?.['lastTick'] !== after['lastTick'])
      this.#notePass(key.sk, Number(after['lastTick']) - Number(before?.['lastTick'] ?? 0));
  }

  #notePass(connector: string, elapsed: number): void {
    // After a jump of the clock liveness is observed anew.
    if (Math.abs(elapsed) > jumpMs || elapsed < 0) return void this.passes.set(connector, 0);
    const at = this.#passedAt.get(connector) ?? -Infinity;
    if (this.#now() - at < spacingMs) return;
    this.#passedAt.set(connector, this.#now());
    this.passes.set(connector, (this.passes.get(connector) ?? 0) + 1);
  }
}
