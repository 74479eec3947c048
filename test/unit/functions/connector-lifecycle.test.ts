import { describe, expect, it } from 'vitest';
import { applyConnector, type ConnectorProperties } from '../../../functions/connector-lifecycle.ts';
import { Herder } from '../../../lib/coordinator/herder.ts';
import type { Clock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { stubSource } from './stub-plugin.ts';

const config = { 'connector.class': stubSource.class, table: 'orders' };

/** `onSleep` plays the coordinator while the function waits. */
function cluster(
  onSleep: (state: ReturnType<typeof clusterState>) => Promise<unknown> = async () => undefined,
) {
  const state = clusterState(memoryTable());
  let now = 1_000;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => {
      now += ms;
      await onSleep(state);
    },
  };
  const nudged: string[] = [];
  const nudge = async (name: string): Promise<void> => void nudged.push(name);
  const herder = new Herder({
    state,
    registry: new PluginRegistry([stubSource]),
    clock,
    random: seededRandom(1),
    workerConfig: {},
    nudge,
  });
  const apply = (
    type: 'Create' | 'Update' | 'Delete',
    properties: Partial<ConnectorProperties> = {},
    physicalId = 'orders',
  ) =>
    applyConnector(
      {
        RequestType: type,
        ResponseURL: '',
        StackId: '',
        RequestId: '',
        LogicalResourceId: '',
        ...(type === 'Create' ? {} : { PhysicalResourceId: physicalId }),
        ResourceProperties: {
          Name: 'orders',
          Config: JSON.stringify(config),
          FunctionName: 'shop-orders',
          CodeVersion: 'v1',
          ...properties,
        },
      },
      deadlineIn(60_000, clock),
      { herder, state, nudge, clock, log: silentLogger },
    );
  return { state, apply, nudged };
}

/** What the coordinator does to a connector without live runs. */
async function bury(state: ReturnType<typeof clusterState>): Promise<void> {
  const connector = await state.connectors.get('orders');
  if (connector?.targetState === 'DELETING') await state.connectors.bury(connector, 0);
}

describe('a connector of a stack', () => {
  it('is created with its config and its function, and the coordinator is nudged', async () => {
    const { state, apply, nudged } = cluster();
    await apply('Create');
    expect(await state.connectors.get('orders')).toMatchObject({
      config: { ...config, name: 'orders' },
      targetState: 'RUNNING',
      worker: { functionName: 'shop-orders', version: 'v1' },
    });
    expect(nudged).toEqual(['orders']);
  });

  it('is not changed when CloudFormation repeats a request', async () => {
    const { state, apply } = cluster();
    await apply('Create');
    const before = await state.connectors.get('orders');
    await apply('Create');
    expect(await state.connectors.get('orders')).toEqual(before);
  });

  it('is told of new code, which is no new config', async () => {
    const { state, apply } = cluster();
    await apply('Create');
    const before = await state.connectors.get('orders');
    await apply('Update', { CodeVersion: 'v2' });
    const after = await state.connectors.get('orders');
    expect(after?.worker.version).toBe('v2');
    expect(after?.configVersion).toBe(before?.configVersion);
    expect(after?.nextDueAt).toBeGreaterThanOrEqual(before?.nextDueAt ?? 0);
  });

  it('is refused with every error of an invalid config', async () => {
    const { state, apply } = cluster();
    const bad = { 'connector.class': stubSource.class, 'tasks.max': '0' };
    await expect(apply('Create', { Config: JSON.stringify(bad) })).rejects.toThrow(/tasks\.max[\s\S]*table/);
    expect(await state.connectors.get('orders')).toBeUndefined();
  });

  it('is deleted once the coordinator has ended its runs', async () => {
    const { state, apply, nudged } = cluster(bury);
    await apply('Create');
    await apply('Delete');
    expect(await state.connectors.get('orders')).toBeUndefined();
    expect(nudged).toEqual(['orders', 'orders', 'orders']);
  });

  it('counts as deleted when it does not exist', async () => {
    const { apply } = cluster();
    await expect(apply('Delete', {}, 'orders (not created)')).resolves.toBeUndefined();
  });

  it('fails to be deleted, and says what to do, when its runs do not end in time', async () => {
    const { apply } = cluster();
    await apply('Create');
    await expect(apply('Delete')).rejects.toMatchObject({
      message: expect.stringContaining('still ending its runs'),
      hint: expect.stringContaining('again'),
    });
  });
});
