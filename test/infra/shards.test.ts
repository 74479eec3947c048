import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ordersConfig, testCluster } from './test-stack.ts';

const events = (stack: ReturnType<typeof testCluster>['stack']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule')).map(
      ([id, resource]) => [
        id.replace(/[0-9A-F]{8}$/, ''),
        JSON.parse((resource['Properties'] as { Target: { Input: string } }).Target.Input),
      ],
    ),
  );

describe('the ticks of a cluster', () => {
  it('are shared by shards, the first of which keeps the id it has without them', () => {
    expect(events(testCluster().stack)).toEqual({ ConnectTickSchedule: {} });
    expect(events(testCluster({ shards: 3 }).stack)).toEqual({
      ConnectTickSchedule: { shard: 0, of: 3 },
      ConnectTick1Schedule: { shard: 1, of: 3 },
      ConnectTick2Schedule: { shard: 2, of: 3 },
    });
  });

  it('can be joined by those of a connector with a schedule of its own', () => {
    const { stack, cluster } = testCluster();
    cluster.addConnector('orders', { config: ordersConfig, ownSchedule: true });
    expect(events(stack)).toEqual({
      ConnectTickSchedule: {},
      ConnectConnectorsordersTickSchedule: { connectors: ['orders'] },
    });
  });

  it.each([0, 1.5, 101])('cannot be %d', (shards) => {
    expect(() => testCluster({ shards })).toThrow(/shards is .* but must be a whole number from 1 to 100/);
  });
});
