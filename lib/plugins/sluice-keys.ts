import type { ConfigKeys } from '../api/config-def.ts';
import type { ConnectorPlugin } from '../api/connector.ts';
import { deadLetterConfig } from './dead-letter-config.ts';
import { lambdaConfig, lambdaSinkConfig } from './lambda-config.ts';

/** What Sluice adds to the framework's keys of a connector; last in every answer, behind all that Kafka Connect has. */
export const sluiceKeys = (kind: ConnectorPlugin['kind']): ConfigKeys =>
  kind === 'source' ? { ...lambdaConfig, ...deadLetterConfig } : { ...lambdaConfig, ...lambdaSinkConfig };
