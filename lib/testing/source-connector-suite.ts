import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConnectorConfig } from '../api/config.ts';
import type { SourcePlugin } from '../api/connector.ts';
import type { SourceRecord } from '../api/record.ts';
import { systemClock, type Clock } from '../foundation/clock.ts';
import { describeDelivery } from './delivery-suite.ts';
import { MemoryOffsets } from './memory-offsets.ts';
import { describePlugin } from './plugin-suite.ts';
import { drainSource, planSource, SourceRun } from './source-run.ts';

/** One source system with nothing in it, made for one test. */
export interface SourceUnderTest {
  readonly config: ConnectorConfig;
  /**
   * Writes `count` more records to the system. The suite recognises a record by its identity: see `identify`.
   * Returns the identities it wrote.
   */
  readonly writeToSystem: (count: number) => Promise<string[]>;
  readonly dispose?: () => Promise<void>;
}

export interface SourceSuiteOptions {
  readonly plugin: SourcePlugin;
  readonly setup: () => Promise<SourceUnderTest>;
  /** What tells one record of the system from another, such as its id. */
  readonly identify: (record: SourceRecord) => string;
  /**
   * How a run resumes from any committed offset. `exact`: with the very next record, in order. Otherwise records that
   * share a position come again, at most `duplicates` of them, and in any order among themselves.
   */
  readonly resume?: 'exact' | { readonly duplicates: number };
}

/** What every source connector must do. An author supplies a system that can be written to. */
export function describeSourceConnector(name: string, options: SourceSuiteOptions): void {
  const { plugin, identify } = options;
  const setup = async (): Promise<SourceUnderTest> => {
    const system = await options.setup();
    onTestFinished(() => system.dispose?.());
    return system;
  };

  describe(`source connector: ${name}`, () => {
    describePlugin(plugin);

    it('splits the same source the same way, within tasks.max', async () => {
      const { config, writeToSystem } = await setup();
      await writeToSystem(3);
      for (const maxTasks of [1, 2, 5]) {
        const split = await planSource(plugin, config, maxTasks);
        expect(split.length).toBeGreaterThan(0);
        expect(split.length).toBeLessThanOrEqual(maxTasks);
        expect(Object.values(split[0] ?? {}).every((value) => typeof value === 'string')).toBe(true);
        expect(await planSource(plugin, config, maxTasks)).toEqual(split);
      }
    });

    it('reads what is there, then says it has caught up', async () => {
      const { config, writeToSystem } = await setup();
      const written = await writeToSystem(25);
      expect(ordered((await drainSource(plugin, config)).map(identify))).toEqual(ordered(written));
    });

    it('reads nothing twice once its offsets are committed', async () => {
      const { config, writeToSystem } = await setup();
      const offsets = new MemoryOffsets();
      await writeToSystem(7);
      offsets.commit(await drainSource(plugin, config, { offsets }));
      expect(await drainSource(plugin, config, { offsets })).toEqual([]);
      const later = await writeToSystem(3);
      expect(ordered((await drainSource(plugin, config, { offsets })).map(identify))).toEqual(ordered(later));
    });

    it('resumes from the offset of every single record without loss', async () => {
      const { config, writeToSystem } = await setup();
      await writeToSystem(12);
      const records = await drainSource(plugin, config);
      for (let committed = 1; committed <= records.length; committed++) {
        const offsets = new MemoryOffsets();
        offsets.commit(records.slice(0, committed));
        const resumed = (await drainSource(plugin, config, { offsets })).map(identify);
        const missing = records.slice(committed).map(identify);
        expect(ordered([...new Set(resumed)].filter((id) => missing.includes(id)))).toEqual(ordered(missing));
        expect(resumed.length - missing.length).toBeLessThanOrEqual(allowedDuplicates(options));
      }
    });

    it('carries its progress in primitives under string keys, so that it can be stored', async () => {
      const { config, writeToSystem } = await setup();
      await writeToSystem(3);
      for (const { sourcePartition, sourceOffset } of await drainSource(plugin, config)) {
        for (const value of [...Object.values(sourcePartition), ...Object.values(sourceOffset)]) {
          expect(['string', 'number', 'bigint', 'boolean']).toContain(
            value === null ? 'string' : typeof value,
          );
        }
      }
    });

    it('finds records written after it had caught up, in a run that goes on', async () => {
      const { config, writeToSystem } = await setup();
      const [taskConfig = config] = await writeToSystem(2).then(() => planSource(plugin, config));
      const run = await SourceRun.start(plugin, taskConfig, { draining: false });
      onTestFinished(() => run.stop());
      await run.pollUntil(2);
      const later = await writeToSystem(2);
      const found = new Set<string>();
      while (!later.every((id) => found.has(id)))
        for (const record of await run.poll()) found.add(identify(record));
      expect([...found]).toEqual(expect.arrayContaining(later));
    });

    it('stops when it was never started, when its start failed, and twice', async () => {
      const { config } = await setup();
      const fresh = await plugin.task();
      await fresh.stop?.();
      const failed = await plugin.task();
      await expect((async () => failed.start?.({}, (await contextOf(config)).context))()).rejects.toThrow(
        /missing/i,
      );
      await failed.stop?.();
      const run = await contextOf(config);
      await run.stop();
      await run.stop();
    });

    it('ends a waiting poll when it is aborted', async () => {
      const { config, writeToSystem } = await setup();
      await writeToSystem(1);
      const controller = new AbortController();
      const [taskConfig = config] = await planSource(plugin, config);
      const { signal } = controller;
      const run = await SourceRun.start(plugin, taskConfig, { draining: false, signal, clock: stoppedClock });
      onTestFinished(() => run.stop());
      await run.pollUntil(1);
      const polling = run.poll().catch((error: unknown) => error);
      const reason = new Error('the run is over');
      controller.abort(reason);
      expect([[], reason]).toContainEqual(await polling);
    });

    describeDelivery({ plugin, setup, identify });

    const ordered = (ids: readonly string[]): readonly string[] =>
      options.resume === undefined || options.resume === 'exact' ? ids : ids.toSorted();

    const contextOf = async (config: ConnectorConfig): Promise<SourceRun> => {
      const [taskConfig = config] = await planSource(plugin, config);
      return SourceRun.start(plugin, taskConfig);
    };
  });
}

/** Whoever sleeps by it sleeps until it is aborted. */
const stoppedClock: Clock = {
  ...systemClock,
  sleep: (_, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
};

const allowedDuplicates = ({ resume = 'exact' }: SourceSuiteOptions): number =>
  resume === 'exact' ? 0 : resume.duplicates;
