import { Fn, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type ConnectorConfig, isTrue } from '../lib/api/config.ts';
import { offsetsTopicName, transactionalIdPrefix } from '../lib/plugins/exactly-once-names.ts';
import type { PluginRegistry } from '../lib/plugins/registry.ts';

/** Names of topics, or their beginnings with a `*` behind. */
export interface TopicAccess {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Consumer groups in which a sink shows its offsets (`lambda.group.offsets`). */
  readonly groups: readonly string[];
  /** Of an exactly-once source's producers, with a `*` for the number of the task. */
  readonly transactionalIds: readonly string[];
}

/**
 * What a connector may do on an MSK cluster with IAM: connect, read what its sink reads, write and create what its
 * source and its dead letters are written to. Offsets are in the table and no group is joined: only a sink that is to
 * show them in a group may alter that one.
 */
export function kafkaStatements(
  clusterArn: string,
  { reads, writes, groups, transactionalIds }: TopicAccess,
): PolicyStatement[] {
  const topics = (names: readonly string[]): string[] =>
    names.map((name) => resourceArn(clusterArn, 'topic', name));
  const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement[] =>
    resources.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: actions.map((action) => `kafka-cluster:${action}`),
            resources: [...resources],
          }),
        ];
  return [
    // Producers are idempotent.
    ...allow(['Connect', ...(writes.length > 0 ? ['WriteDataIdempotently'] : [])], [clusterArn]),
    ...allow(['DescribeTopic', 'ReadData'], topics(reads)),
    ...allow(['DescribeTopic', 'CreateTopic', 'WriteData'], topics(writes)),
    ...allow(
      ['DescribeGroup', 'AlterGroup'],
      groups.map((name) => resourceArn(clusterArn, 'group', name)),
    ),
    ...allow(
      ['DescribeTransactionalId', 'AlterTransactionalId'],
      transactionalIds.map((id) => resourceArn(clusterArn, 'transactional-id', id)),
    ),
  ];
}

/** `…:cluster/name/id` becomes `…:topic/name/id/topic`; works on tokens too. */
function resourceArn(clusterArn: string, type: 'topic' | 'group' | 'transactional-id', name: string): string {
  const [before = '', after = ''] = Fn.split(':cluster/', clusterArn, 2);
  return `${before}:${type}/${after}/${name}`;
}

/** cdk-nag asks a reason for each resource with a `*`. */
export function acknowledgeTopicPrefixes(worker: Construct, statements: readonly PolicyStatement[]): void {
  for (const resource of new Set(statements.flatMap(({ resources }) => resources))) {
    if (!resource.endsWith('*')) continue;
    Validations.of(worker).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${flattened(Stack.of(worker).resolve(resource))}]`,
      reason:
        'Which topics or transactional ids of this prefix there are is known only when the connector runs.',
    });
  }
}

/** As cdk-nag writes an ARN that is put together at deployment. */
function flattened(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join } = value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] };
  return join === undefined ? JSON.stringify(value) : join[1].map(flattened).join(join[0]);
}

/**
 * The topics of a connector, as far as its config tells; undefined: it does not. `given` takes the place of what a
 * source writes or a sink reads.
 */
export function topicAccess(
  type: 'source' | 'sink',
  config: ConnectorConfig,
  registry: PluginRegistry,
  given?: readonly string[],
): TopicAccess | undefined {
  const own = given ?? (type === 'sink' ? topicsOfSink(config) : topicsOfSource(config, registry));
  if (own === undefined) return undefined;
  const deadLetters = known(config, 'errors.deadletterqueue.topic.name');
  const writes = deadLetters === undefined ? [] : [deadLetters];
  if (type === 'source') return { reads: [], writes: [...own, ...writes], groups: [], transactionalIds: [] };
  const groups = isTrue(config['lambda.group.offsets']) ? [groupOf(config)] : [];
  return { reads: own, writes, groups, transactionalIds: [] };
}

/** An exactly-once source also reads and writes its offsets topic, under transactional ids of its own. */
export function withTransactions(
  access: TopicAccess,
  config: ConnectorConfig,
  workerConfig: ConnectorConfig,
): TopicAccess {
  const offsets = offsetsTopicName(config, workerConfig);
  return {
    ...access,
    reads: [...access.reads, offsets],
    writes: [...access.writes, offsets],
    transactionalIds: [`${transactionalIdPrefix(workerConfig, config['name'] ?? '')}*`],
  };
}

const groupOf = (config: ConnectorConfig): string =>
  known(config, 'consumer.override.group.id') ?? `connect-${config['name'] ?? ''}`;

function topicsOfSink(config: ConnectorConfig): string[] | undefined {
  const regex = known(config, 'topics.regex');
  if (regex !== undefined) return [`${literalStart(regex)}*`];
  return known(config, 'topics')
    ?.split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
}

/** A transformation that may rename the topic makes it unknown. */
function topicsOfSource(config: ConnectorConfig, registry: PluginRegistry): string[] | undefined {
  const transformations = Object.entries(config)
    .filter(([key]) => /^transforms\.[^.]+\.type$/.test(key))
    .map(([, type]) => registry.transformation(type).class);
  if (!transformations.every(keepsTopic)) return undefined;
  const topic = known(config, 'topic');
  if (topic !== undefined) return [topic];
  const prefix = known(config, 'topic.prefix');
  return prefix === undefined ? undefined : [`${prefix}*`];
}

const keepsTopic = (className: string): boolean =>
  className.startsWith('org.apache.kafka.connect.transforms.') && !/(Regex|Timestamp)Router$/.test(className);

/** What every match of a regular expression begins with. */
export function literalStart(regex: string): string {
  if (regex.includes('|')) return '';
  const [start = ''] = /^(?:[A-Za-z0-9_-]|\\[._-])*/.exec(regex.replace(/^\^/, '')) ?? [];
  const rest = regex.replace(/^\^/, '').slice(start.length);
  const literal = start.replaceAll('\\', '');
  return /^[?*{]/.test(rest) ? literal.slice(0, -1) : literal;
}

/** Placeholders and tokens are not guessed. */
function known(config: ConnectorConfig, key: string): string | undefined {
  const value = config[key]?.trim();
  return value === undefined || value === '' || Token.isUnresolved(value) || value.includes('${')
    ? undefined
    : value;
}
