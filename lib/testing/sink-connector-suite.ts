import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConnectorConfig } from '../api/config.ts';
import type { SinkPlugin } from '../api/connector.ts';
import type { SinkRecord } from '../api/record.ts';
import { describePlugin } from './plugin-suite.ts';
import { MemoryPartition, SinkRun } from './sink-run.ts';

/** One target system with nothing in it, made for one test. */
export interface SinkUnderTest {
  readonly config: ConnectorConfig;
  /** Everything a reader of the system sees now, one string a record, as `valueOf` gave them; order per partition. */
  readonly readFromSystem: () => Promise<string[]>;
  readonly dispose?: () => Promise<void>;
}

export interface SinkSuiteOptions {
  readonly plugin: SinkPlugin;
  readonly setup: () => Promise<SinkUnderTest>;
  /** The record the suite writes as its n-th; `readFromSystem` must show it as `expected(n)`. */
  readonly record: (n: number) => Pick<SinkRecord, 'key' | 'keySchema' | 'value' | 'valueSchema'>;
  readonly expected: (n: number) => string;
  /** `effectively-once`: also after a crash or beside a zombie each record is there once. */
  readonly guarantee: 'at-least-once' | 'effectively-once';
}

/** What every sink connector must do. An author supplies a system that can be read. */
export function describeSinkConnector(name: string, options: SinkSuiteOptions): void {
  const { plugin } = options;
  const setup = async (count: number) => {
    const system = await options.setup();
    onTestFinished(() => system.dispose?.());
    const partition = new MemoryPartition('topic');
    partition.append(...numbers(count).map((n) => options.record(n)));
    const start = async (partitions = [partition]): Promise<SinkRun> => {
      const run = new SinkRun(await plugin.task(), { config: system.config, partitions });
      onTestFinished(() => run.stop());
      await run.start();
      return run;
    };
    return { system, partition, start };
  };
  const seenIn = async (system: SinkUnderTest): Promise<string[]> => {
    const seen = await system.readFromSystem();
    return options.guarantee === 'effectively-once' ? seen : [...new Set(seen)];
  };
  const all = (count: number): string[] => numbers(count).map((n) => options.expected(n));

  describe(`sink connector: ${name}`, () => {
    describePlugin(plugin);

    it('has delivered whatever it lets be committed', async () => {
      const { system, partition, start } = await setup(10);
      const run = await start();
      while (await run.deliver(3)) {
        await run.commit();
        expect((await system.readFromSystem()).length).toBeGreaterThanOrEqual(Number(partition.committed));
      }
      expect(await seenIn(system)).toEqual(all(10));
    });

    it('never lets more be committed than it was given', async () => {
      const { partition, start } = await setup(4);
      const run = await start();
      await run.deliver(2);
      expect((await run.preCommit()).get(partition.key) ?? 0n).toBeLessThanOrEqual(2n);
    });

    it('takes an empty batch, before, between and after records', async () => {
      const { system, start } = await setup(2);
      const empty = await start([new MemoryPartition('empty')]);
      await empty.deliver();
      await empty.commit();
      const run = await start();
      await run.drain();
      await run.deliver();
      await run.commit();
      expect(await seenIn(system)).toEqual(all(2));
    });

    it('loses nothing when it is killed between any two steps', async () => {
      for (const killAfter of ['start', 'deliver', 'preCommit', 'commit'] as const) {
        const { system, start } = await setup(9);
        const killed = await start();
        if (killAfter !== 'start') await killed.deliver(4);
        if (killAfter === 'preCommit') await killed.preCommit();
        if (killAfter === 'commit') await killed.commit();
        if (killAfter === 'commit') await killed.deliver(2);
        const successor = await start();
        await successor.drain(5);
        expect(await seenIn(system)).toEqual(all(9));
      }
    });

    it('loses nothing beside a zombie that goes on writing', async () => {
      const { system, start } = await setup(20);
      const zombie = await start();
      await zombie.deliver(3);
      const successor = await start();
      await successor.deliver(2);
      await zombie.preCommit();
      await zombie.deliver(7);
      await successor.commit();
      await zombie.preCommit();
      await successor.drain(4);
      await zombie.deliver();
      await zombie.preCommit();
      expect(await seenIn(system)).toEqual(all(20));
    });

    it('stops when it was never started, when its start failed, and twice', async () => {
      const { start } = await setup(1);
      const fresh = await plugin.task();
      await fresh.stop?.();
      const failed = new SinkRun(await plugin.task(), { config: {}, partitions: [] });
      await expect(failed.start()).rejects.toThrow(/missing/i);
      await failed.stop();
      const run = await start();
      await run.deliver();
      await run.stop();
      await run.stop();
    });
  });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
