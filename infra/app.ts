import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { ConnectCluster } from './connect-cluster.ts';
import { ConnectorConfig } from './connector-config.ts';
import { KafkaCluster } from './kafka-cluster.ts';

/**
 * What `cdk deploy` deploys: every connector file in `infra/pipelines`. Context (`-c name=value`) or environment:
 *   bootstrapServers, SLUICE_BOOTSTRAP_SERVERS   Kafka; without it the stack asks for parameter BootstrapServers
 *   groupId, SLUICE_GROUP_ID                     default `sluice`
 *   pipelines                                    another folder of connector files
 */
const app = new App();
const setting = (name: string, variable: string): string | undefined =>
  (app.node.tryGetContext(name) as string | undefined) ?? process.env[variable];

const groupId = setting('groupId', 'SLUICE_GROUP_ID') ?? 'sluice';
const folder = setting('pipelines', 'SLUICE_PIPELINES') ?? join(import.meta.dirname, 'pipelines');

const stack = new Stack(app, 'Sluice', { stackName: groupId, description: `Connect cluster ${groupId}` });
const servers =
  setting('bootstrapServers', 'SLUICE_BOOTSTRAP_SERVERS') ??
  new CfnParameter(stack, 'BootstrapServers', {
    description: "Kafka's bootstrap servers: b1:9092,b2:9092",
    minLength: 1,
  }).valueAsString;

const cluster = new ConnectCluster(stack, 'Connect', {
  groupId,
  kafka: KafkaCluster.bootstrapServers(servers),
});
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .toSorted()) {
  cluster.addConnector(basename(file, '.json'), { config: ConnectorConfig.fromFile(join(folder, file)) });
}
