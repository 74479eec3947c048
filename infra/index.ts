export { ConnectCluster, type ConnectClusterProps } from './connect-cluster.ts';
export { Connector, type ConnectorProps } from './connector.ts';
export { ConnectorConfig } from './connector-config.ts';
export { KafkaAuth } from './kafka-auth.ts';
export {
  KafkaCluster,
  type KafkaOptions,
  type MskOptions,
  type MskServerlessOptions,
  type Network,
} from './kafka-cluster.ts';
