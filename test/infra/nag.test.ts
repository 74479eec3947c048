import { Stack, Token, Validations } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { KafkaCluster } from '../../infra/index.ts';
import { ordersConfig, testCluster } from './test-stack.ts';

const packs: NagPack[] = [new AwsSolutionsChecks(), new ServerlessChecks()];

/** What cdk-nag finds and nobody has acknowledged, as `rule at path`. */
const findings = (stack: Stack): string[] =>
  packs
    .flatMap((pack) => pack.validateScope(stack).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );

/** Every reason given for an acknowledged rule. */
const reasons = (stack: Stack): string[] =>
  stack.node
    .findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap((entry) => Object.values(entry.data as Record<string, string>)),
    );

describe('cdk-nag (AWS Solutions, Serverless)', () => {
  it('finds nothing in a cluster with a connector', () => {
    const { stack, cluster } = testCluster();
    cluster.addConnector('orders', { config: ordersConfig });
    expect(findings(stack)).toEqual([]);
  });

  it('finds nothing in a connector in a VPC', () => {
    const { stack, cluster } = testCluster({}, (scope) => {
      const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
        vpcId: 'vpc-11111111',
        availabilityZones: ['a'],
        privateSubnetIds: ['subnet-11111111'],
      });
      return KafkaCluster.bootstrapServers('b1:9092', { vpc });
    });
    cluster.addConnector('orders', { config: ordersConfig });
    expect(findings(stack)).toEqual([]);
  });

  it.each([
    ['a known', 'arn:aws:kafka:eu-central-1:111111111111:cluster/shop/1234abcd-1'],
    ['a new', Token.asString({ 'Fn::GetAtt': ['Kafka', 'Arn'] })],
  ])('finds nothing in a connector on %s MSK cluster with IAM', (_, clusterArn) => {
    const { stack, cluster } = testCluster({}, (scope) => {
      const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
        vpcId: 'vpc-11111111',
        availabilityZones: ['a'],
        privateSubnetIds: ['subnet-11111111'],
      });
      return KafkaCluster.mskServerless({ bootstrapServers: 'boot.example:9098', clusterArn, vpc });
    });
    cluster.addConnector('orders', { config: ordersConfig });
    expect(findings(stack)).toEqual([]);
  });

  it('is told a reason for each rule that does not apply', () => {
    const { stack, cluster } = testCluster();
    cluster.addConnector('orders', { config: ordersConfig });
    expect(reasons(stack).length).toBeGreaterThan(0);
    for (const reason of reasons(stack)) expect(reason).toMatch(/^[A-Z].{25,}\.$/);
  });
});
