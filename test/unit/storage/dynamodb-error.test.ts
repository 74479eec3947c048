import { describe, expect, it } from 'vitest';
import { ConnectError, RetriableError } from '../../../lib/api/errors.ts';
import { dynamodbError } from '../../../lib/storage/dynamodb/dynamodb-error.ts';

const sdkError = (name: string, fields: object = {}): Error =>
  Object.assign(new Error(`${name} said the server`), { name }, fields);

describe('errors of DynamoDB', () => {
  it.each([
    sdkError('ProvisionedThroughputExceededException', { $metadata: { httpStatusCode: 400 } }),
    sdkError('ThrottlingException'),
    sdkError('InternalServerError', { $metadata: { httpStatusCode: 500 } }),
    sdkError('Unheard', { $metadata: { httpStatusCode: 503 } }),
    sdkError('Error', { code: 'ECONNREFUSED' }),
    sdkError('TimeoutError'),
  ])('may be tried again when they pass by themselves: $name', (error) => {
    const translated = dynamodbError(error, 'read from', 'cluster');
    expect(translated).toBeInstanceOf(RetriableError);
    expect(translated.hint).toContain('tried again');
  });

  it.each([
    [sdkError('ResourceNotFoundException'), 'no table cluster'],
    [sdkError('AccessDeniedException'), 'dynamodb:UpdateItem'],
    [sdkError('CredentialsProviderError'), 'AWS_PROFILE'],
    [
      Object.assign(new Error('Item size has exceeded the maximum allowed size'), {
        name: 'ValidationException',
      }),
      '400 KB',
    ],
  ])('say what to do when trying again cannot help: %s', (error, hint) => {
    const translated = dynamodbError(error, 'write to', 'cluster');
    expect(translated).toMatchObject({ retriable: false, hint: expect.stringContaining(hint), cause: error });
    expect(translated.message).toBe(`DynamoDB could not write to table cluster: ${error.message}`);
  });

  it('leave our own errors alone', () => {
    const ours = new ConnectError('fenced', { code: 'FENCED' });
    expect(dynamodbError(ours, 'write to', 'cluster')).toBe(ours);
  });
});
