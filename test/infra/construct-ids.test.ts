import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ordersConfig, testCluster } from './test-stack.ts';

/**
 * Construct ids are contract: a changed logical id makes CloudFormation replace what people have deployed, the table
 * of offsets with it. A change of this snapshot is a breaking release.
 */
describe('construct ids', () => {
  it('never change', () => {
    const { stack, cluster } = testCluster();
    cluster.addConnector('orders', { config: ordersConfig });
    const paths = cluster.node.findAll().map((construct) => construct.node.path);
    const resources = Template.fromStack(stack).toJSON()['Resources'] as Record<string, { Type: string }>;
    const logicalIds = Object.entries(resources).map(([id, { Type }]) => `${Type} ${id}`);
    expect({ paths: paths.toSorted(), logicalIds: logicalIds.toSorted() }).toMatchSnapshot();
  });
});
