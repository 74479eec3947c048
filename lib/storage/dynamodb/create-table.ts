import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { RetriableError } from '../../api/errors.ts';
import type { Clock } from '../../foundation/clock.ts';
import { dynamodbError } from './dynamodb-error.ts';
import { tableDefinition } from './table-definition.ts';

const attempts = 120;

/**
 * Creates the table where it does not exist and waits until it takes requests: for local runs and tests. A deployed
 * cluster's table comes from the CDK stack, with TTL and backups, which no local server has.
 */
export async function createTable(client: DynamoDBClient, tableName: string, clock: Clock): Promise<void> {
  const { partitionKey, sortKey, billingMode } = tableDefinition;
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: billingMode,
        AttributeDefinitions: [
          { AttributeName: partitionKey, AttributeType: 'S' },
          { AttributeName: sortKey, AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: partitionKey, KeyType: 'HASH' },
          { AttributeName: sortKey, KeyType: 'RANGE' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw dynamodbError(error, 'create', tableName);
  }
  await untilActive(client, tableName, clock);
}

async function untilActive(client: DynamoDBClient, tableName: string, clock: Clock): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
      if (table?.TableStatus === 'ACTIVE') return;
    } catch (error) {
      throw dynamodbError(error, 'describe', tableName);
    }
    await clock.sleep(500);
  }
  throw new RetriableError(`Table ${tableName} is not active yet, a minute after it was created`);
}
