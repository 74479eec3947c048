export { ConnectCluster, type ConnectClusterProps } from './connect-cluster.ts';
export { Connector, type ConnectorProps } from './connector.ts';
export { ConnectorConfig } from './connector-config.ts';
export {
  KafkaAuth,
  KafkaCluster,
  type KafkaOptions,
  type MskOptions,
  type Network,
} from './kafka-cluster.ts';
