import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/**
 * The client every function uses: more attempts than the SDK's three, each of them short, so that a throttle or a
 * frozen connection costs seconds of a run and not its lease. Where it connects to is the environment's business
 * (AWS_ENDPOINT_URL).
 */
export function dynamodbClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 5,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    ...config,
  });
}
