import { describe } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { createTable } from '../../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../../lib/storage/dynamodb/dynamodb-table.ts';
import { describeTable, type TableUnderTest } from '../../../lib/testing/table-suite.ts';
import { describeOffsetPages } from '../../unit/storage/offset-pages-suite.ts';
import { startDynamodbLocal } from '../servers/dynamodb-local.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

async function setup(): Promise<TableUnderTest> {
  const server = await startDynamodbLocal();
  const client = dynamodbClient(server.clientConfig);
  await createTable(client, 'sluice-test', systemClock);
  const close = async (): Promise<void> => {
    client.destroy();
    await server.close();
  };
  return { table: dynamodbTable({ client, tableName: 'sluice-test', log: silentLogger }), close };
}

const missing = await javaUnavailable();
describe.skipIf(missing !== undefined)(`with Java and Maven${missing ? `: ${missing}` : ''}`, () => {
  describeTable('DynamoDB Local', setup);
  describeOffsetPages('DynamoDB Local', setup);
});
