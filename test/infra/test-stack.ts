import { Stack } from 'aws-cdk-lib';
import { temporaryApp } from './temporary-app.ts';
import {
  ConnectCluster,
  type ConnectClusterProps,
  ConnectorConfig,
  KafkaCluster,
} from '../../infra/index.ts';

export const jdbcKeys = {
  'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
  'connection.url': 'jdbc:postgresql://db.example.com:5432/shop',
  'connection.user': '${secretsmanager:shop-db:username}',
  'connection.password': '${secretsmanager:shop-db:password}',
  'table.whitelist': 'public.orders',
  mode: 'incrementing',
  'incrementing.column.name': 'id',
  'topic.prefix': 'shop-',
} as const;

export const ordersConfig = ConnectorConfig.fromObject(jdbcKeys);

/** A stack with a cluster, whose functions are not bundled: templates do not need it. */
export function testCluster(
  props: Partial<ConnectClusterProps> = {},
  kafka: (stack: Stack) => KafkaCluster = () => brokers,
) {
  const app = temporaryApp({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Test', { env: { account: '111111111111', region: 'eu-central-1' } });
  const cluster = new ConnectCluster(stack, 'Connect', { groupId: 'shop', kafka: kafka(stack), ...props });
  return { app, stack, cluster };
}

const brokers = KafkaCluster.bootstrapServers('b1:9092,b2:9092');
