import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { ConnectorConfig, type ConnectorProps, KafkaAuth, KafkaCluster } from '../../infra/index.ts';
import { kafkaStatements, literalStart, topicAccess } from '../../infra/kafka-permissions.ts';
import { bundledPlugins } from '../../lib/plugins/bundled.ts';
import { PluginRegistry } from '../../lib/plugins/registry.ts';
import { jdbcKeys, testCluster } from './test-stack.ts';

const arn = 'arn:aws:kafka:eu-central-1:111111111111:cluster/shop/1234abcd-1';
const topics = 'arn:aws:kafka:eu-central-1:111111111111:topic/shop/1234abcd-1';
const groups = 'arn:aws:kafka:eu-central-1:111111111111:group/shop/1234abcd-1';
const sinkKeys = { 'connector.class': 'DirectorySink', directory: '/mnt/files' };

function vpcOf(scope: Stack) {
  return Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: 'vpc-11111111',
    availabilityZones: ['a'],
    privateSubnetIds: ['subnet-11111111'],
  });
}

const serverless =
  (clusterArn: string) =>
  (scope: Stack): KafkaCluster =>
    KafkaCluster.mskServerless({ bootstrapServers: 'boot.example:9098', clusterArn, vpc: vpcOf(scope) });

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What one connector may do on Kafka, as `action: resources`. */
function allowed(
  keys: Readonly<Record<string, string>>,
  kafka: (scope: Stack) => KafkaCluster = serverless(arn),
  props: Partial<ConnectorProps> = {},
  clusterProps: Parameters<typeof testCluster>[0] = {},
): Record<string, unknown> {
  const { stack, cluster } = testCluster(clusterProps, kafka);
  cluster.addConnector('one', { config: ConnectorConfig.fromObject(keys), ...props });
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as {
    readonly Properties: { readonly PolicyDocument: { readonly Statement: readonly Statement[] } };
  }[];
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return Object.fromEntries(
    statements
      .map(({ Action, Resource }) => [[Action].flat().join(' '), Resource] as const)
      .filter(([actions]) => actions.includes('kafka')),
  );
}

const producing = 'kafka-cluster:Connect kafka-cluster:WriteDataIdempotently';
const writing = 'kafka-cluster:DescribeTopic kafka-cluster:CreateTopic kafka-cluster:WriteData';
const reading = 'kafka-cluster:DescribeTopic kafka-cluster:ReadData';

describe('with IAM, a connector', () => {
  it('that is a source may write and create its topics, and its dead letters', () => {
    expect(allowed(jdbcKeys)).toEqual({ [producing]: arn, [writing]: `${topics}/shop-*` });
    expect(
      allowed({ ...jdbcKeys, 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'lost' }),
    ).toEqual({ [producing]: arn, [writing]: [`${topics}/shop-*`, `${topics}/lost`] });
  });

  it('keeps its topics when its transformations do', () => {
    const keys = {
      transforms: 'cast',
      'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
      'transforms.cast.spec': 'id:int32',
    };
    expect(allowed({ ...jdbcKeys, ...keys })).toEqual({ [producing]: arn, [writing]: `${topics}/shop-*` });
  });

  it.each([
    [{ topics: 'orders' }, { 'kafka-cluster:Connect': arn, [reading]: `${topics}/orders` }],
    [
      { topics: 'orders, items' },
      { 'kafka-cluster:Connect': arn, [reading]: [`${topics}/orders`, `${topics}/items`] },
    ],
    [{ 'topics.regex': 'shop-(a|b)' }, { 'kafka-cluster:Connect': arn, [reading]: `${topics}/*` }],
    [{ 'topics.regex': 'shop-.*' }, { 'kafka-cluster:Connect': arn, [reading]: `${topics}/shop-*` }],
    [
      { topics: 'orders', 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'lost' },
      { [producing]: arn, [reading]: `${topics}/orders`, [writing]: `${topics}/lost` },
    ],
    [
      { name: 'one', topics: 'orders', 'lambda.group.offsets': 'true' },
      {
        'kafka-cluster:Connect': arn,
        [reading]: `${topics}/orders`,
        'kafka-cluster:DescribeGroup kafka-cluster:AlterGroup': `${groups}/connect-one`,
      },
    ],
  ])('that is a sink of %o may read those, and write dead letters only', (keys, expected) => {
    const access = topicAccess('sink', { ...sinkKeys, ...keys }, new PluginRegistry(bundledPlugins));
    if (access === undefined) throw new Error('the config tells the topics');
    const statements = kafkaStatements(arn, access).map((statement) => statement.toJSON() as Statement);
    expect(
      Object.fromEntries(statements.map(({ Action, Resource }) => [[Action].flat().join(' '), Resource])),
    ).toEqual(expected);
  });

  it('whose topics the config does not tell is refused until they are given', () => {
    const keys = {
      ...jdbcKeys,
      transforms: 'route',
      'transforms.route.type': 'RegexRouter',
      'transforms.route.regex': 'shop-(.*)',
      'transforms.route.replacement': 'all-$1',
    };
    expect(() => allowed(keys)).toThrow('does not tell its topics');
    expect(allowed(keys, undefined, { topics: ['all-*', 'rest'] })).toEqual({
      [producing]: arn,
      [writing]: [`${topics}/all-*`, `${topics}/rest`],
    });
  });

  it('may do the same on a cluster that is made in the same app', () => {
    const split = { 'Fn::Split': [':cluster/', { Ref: 'KafkaArn' }] };
    const made = (scope: Stack): KafkaCluster =>
      serverless(new CfnParameter(scope, 'KafkaArn').valueAsString)(scope);
    expect(allowed(jdbcKeys, made)[writing]).toEqual({
      'Fn::Join': ['', [{ 'Fn::Select': [0, split] }, ':topic/', { 'Fn::Select': [1, split] }, '/shop-*']],
    });
  });

  it('that is an exactly-once source may use its transactional ids and its offsets topic', () => {
    const exactlyOnce = { groupId: 'shop', exactlyOnceSources: true };
    const ids = arn.replace(':cluster/', ':transactional-id/');
    const transacting = 'kafka-cluster:DescribeTransactionalId kafka-cluster:AlterTransactionalId';
    expect(allowed(jdbcKeys, undefined, {}, exactlyOnce)).toEqual({
      [producing]: arn,
      [reading]: `${topics}/shop-offsets`,
      [writing]: [`${topics}/shop-*`, `${topics}/shop-offsets`],
      [transacting]: `${ids}/shop-one-*`,
    });
    const own = { ...jdbcKeys, 'offsets.storage.topic': 'mine' };
    expect(allowed(own, undefined, {}, exactlyOnce)[reading]).toBe(`${topics}/mine`);
  });

  it('has no such permissions with another login', () => {
    const scram = (scope: Stack): KafkaCluster =>
      KafkaCluster.msk({
        bootstrapServers: 'b-1.example:9096',
        clusterArn: arn,
        vpc: vpcOf(scope),
        auth: KafkaAuth.scram(Secret.fromSecretNameV2(scope, 'Login', 'AmazonMSK_login')),
      });
    expect(allowed(jdbcKeys, scram)).toEqual({});
  });
});

describe('what every match of a regular expression begins with', () => {
  it.each([
    ['shop-.*', 'shop-'],
    ['^shop-.*', 'shop-'],
    ['shops?', 'shop'],
    ['shops*', 'shop'],
    ['shops{0,1}', 'shop'],
    ['shops+', 'shops'],
    ['eu\\.shop\\..*', 'eu.shop.'],
    ['.*', ''],
    ['(shop|mall)-.*', ''],
    ['shop|mall', ''],
    ['[st]hop', ''],
    ['orders', 'orders'],
  ])('%s: "%s"', (regex, start) => {
    expect(literalStart(regex)).toBe(start);
  });
});
