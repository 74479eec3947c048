import { ConnectError, RetriableError } from '../../api/errors.ts';
import { type AwsSdkError, isPassingFault } from '../../foundation/passing-fault.ts';

/** The SDK's errors as ours, with the table, what was tried, and what to do about it. */
export function dynamodbError(thrown: unknown, action: string, tableName: string): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error: AwsSdkError = thrown instanceof Error ? thrown : new Error(String(thrown));
  const message = `DynamoDB could not ${action} table ${tableName}: ${error.message || error.name}`;
  if (isPassingFault(error)) {
    return new RetriableError(message, {
      cause: thrown,
      hint: 'An outage, a throttle or no way to the endpoint. It is tried again by itself; if it lasts, look at the ThrottledRequests metric of the table and, in a VPC, at the gateway endpoint for DynamoDB.',
    });
  }
  return new ConnectError(message, { cause: thrown, ...hintFor(error, tableName) });
}

function hintFor({ name, message }: AwsSdkError, tableName: string): { hint?: string } {
  if (name === 'ResourceNotFoundException') {
    return {
      hint: `There is no table ${tableName} in this account and region. Deploy the cluster, or check the table name, AWS_REGION and AWS_ENDPOINT_URL.`,
    };
  }
  if (name === 'AccessDeniedException') {
    return {
      hint: `The role of this function lacks a permission on ${tableName}: dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:UpdateItem and dynamodb:DeleteItem are needed.`,
    };
  }
  if (
    name === 'CredentialsProviderError' ||
    name === 'UnrecognizedClientException' ||
    name === 'ExpiredTokenException'
  ) {
    return { hint: 'No valid AWS credentials: log in again, or set AWS_PROFILE.' };
  }
  if (message.includes('Item size'))
    return { hint: 'DynamoDB items hold at most 400 KB: make the config or the offset smaller.' };
  return {};
}
