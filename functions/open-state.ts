import type { Logger } from '../lib/foundation/logger.ts';
import { dynamodbClient } from '../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../lib/storage/dynamodb/dynamodb-table.ts';
import { clusterState, type ClusterState } from '../lib/storage/items/cluster-state.ts';

/** The cluster's state in its DynamoDB table; connects with the first request. */
export const openState = (tableName: string, log: Logger): ClusterState =>
  clusterState(dynamodbTable({ client: dynamodbClient(), tableName, log }));
