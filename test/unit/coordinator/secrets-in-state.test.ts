import { describe, expect, it } from 'vitest';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { SourcePlugin } from '../../../lib/api/connector.ts';
import { ConnectError } from '../../../lib/api/errors.ts';
import { envProvider } from '../../../lib/config-providers/env.ts';
import { Herder } from '../../../lib/coordinator/herder.ts';
import { tick } from '../../../lib/coordinator/tick.ts';
import { lambdaTiming } from '../../../lib/coordinator/timing.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Table } from '../../../lib/storage/table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { planTasks } from '../../../lib/worker/plan-task.ts';
import { lambdaWorkerTiming, type WorkerDeps } from '../../../lib/worker/worker-deps.ts';

const secret = 'pa55-w0rd';

/** Remembers every call to a table as text: what was never handed over cannot be stored. */
function watched(table: Table, calls: string[]): Table {
  return new Proxy(table, {
    get:
      (target, name: keyof Table) =>
      (...args: unknown[]) => {
        calls.push(JSON.stringify([name, ...args]));
        return (target[name] as (...each: unknown[]) => unknown)(...args);
      },
  });
}

const sourceOf = (taskConfigs: (config: ConnectorConfig) => ConnectorConfig[]): SourcePlugin => {
  let started: ConnectorConfig = {};
  return {
    kind: 'source',
    class: 'test.Source',
    version: '1',
    status: 'stable',
    module: import.meta.url,
    configDef: new ConfigDef({
      password: { type: 'PASSWORD', default: null, importance: 'HIGH', doc: 'Of the user.' },
      url: { type: 'STRING', default: null, importance: 'HIGH', doc: 'Of the system.' },
    }),
    connector: async () => ({
      start: (config) => void (started = config),
      taskConfigs: () => taskConfigs(started),
    }),
    task: async () => ({ poll: () => null }),
  };
};

const config = {
  'connector.class': 'test.Source',
  'tasks.max': '2',
  password: '${env:PASSWORD}',
  url: 'db://user:${env:PASSWORD}@host',
};

/** From the herder over the table and the plan to the task configs. */
async function planned(plugin: SourcePlugin) {
  const calls: string[] = [];
  const clock = new VirtualClock();
  const state = clusterState(watched(memoryTable(), calls));
  const shared = {
    state,
    clock,
    random: seededRandom(1),
    log: silentLogger,
    cadence: { mode: 'drain', rediscoveryMs: 300_000 } as const,
  };
  const registry = new PluginRegistry([plugin]);
  const worker: WorkerDeps = {
    ...shared,
    kafka: () => Promise.reject(new Error('not used by a source')),
    registry,
    providers: { env: envProvider({ PASSWORD: secret }, undefined) },
    workerConfig: {},
    timing: lambdaWorkerTiming,
  };
  const herder = new Herder({ ...shared, registry, workerConfig: {}, nudge: async () => undefined });
  await herder.create('c', config, { worker: { functionName: 'f', version: '1' } });
  await tick({
    ...shared,
    timing: lambdaTiming,
    invoker: {
      fence: async () => ({ ok: true }),
      plan: (_, request) =>
        planTasks(
          request,
          {
            requestId: 'r',
            logGroup: 'g',
            logStream: 's',
            deadline: deadlineIn(60_000, clock),
            signal: new AbortController().signal,
          },
          worker,
        ),
      run: async () => undefined,
    },
  });
  return { calls, connector: await state.connectors.get('c'), tasks: await state.tasks.list('c') };
}

describe('a secret a config refers to', () => {
  it('reaches the connector, and neither its config nor those of its tasks in the table (Invariant 8)', async () => {
    let seen: ConnectorConfig = {};
    const { calls, connector, tasks } = await planned(
      sourceOf((resolved) => {
        seen = resolved;
        return [
          { ...resolved, part: 'a' },
          { ...resolved, part: 'b' },
        ];
      }),
    );

    expect(seen).toMatchObject({ password: secret, url: `db://user:${secret}@host` });
    expect(connector?.config).toEqual({ ...config, name: 'c' });
    expect(tasks.map((task) => task.config)).toEqual([
      { ...config, name: 'c', part: 'a' },
      { ...config, name: 'c', part: 'b' },
    ]);
    expect(calls.filter((call) => call.includes(secret))).toEqual([]);
  });

  it('is not stored with the trace of a plan that failed before it was used', async () => {
    const { calls, connector } = await planned(
      sourceOf(() => {
        throw new ConnectError('No such table');
      }),
    );

    expect(connector?.trace).toContain('No such table');
    expect(calls.filter((call) => call.includes(secret))).toEqual([]);
  });
});
