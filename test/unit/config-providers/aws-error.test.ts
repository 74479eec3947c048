import { describe, expect, it } from 'vitest';
import { awsError } from '../../../lib/config-providers/aws-error.ts';

const resource = { what: 'secret orders-db', action: 'secretsmanager:GetSecretValue' };
const sdkError = (name: string, more: object = {}): Error =>
  Object.assign(new Error('as AWS says it'), { name, ...more });

describe('an error of Secrets Manager or Parameter Store', () => {
  it.each([
    ['ResourceNotFoundException', 'CONFIG', 'There is no secret orders-db', 'correct its name'],
    ['ParameterNotFound', 'CONFIG', 'There is no secret orders-db', 'correct its name'],
    [
      'AccessDeniedException',
      'CONNECT',
      'Not allowed to read the secret orders-db: as AWS says it',
      resource.action,
    ],
    [
      'CredentialsProviderError',
      'CONNECT',
      'No AWS credentials to read the secret orders-db: as AWS says it',
      'AWS_PROFILE',
    ],
  ])('%s is final, with what to do about it', (name, code, message, hint) => {
    const error = awsError(sdkError(name), resource);
    expect(error).toMatchObject({ code, message, retriable: false });
    expect(error.hint).toContain(hint);
  });

  it.each([
    ['ThrottlingException', {}],
    ['TimeoutError', {}],
    ['Error', { code: 'ECONNREFUSED' }],
    ['Whatever', { $metadata: { httpStatusCode: 503 } }],
  ])('%s %j passes and is tried again', (name, more) => {
    expect(awsError(sdkError(name, more), resource)).toMatchObject({ code: 'RETRIABLE', retriable: true });
  });

  it('of another kind keeps its name', () => {
    expect(awsError(sdkError('DecryptionFailure'), resource)).toMatchObject({
      message: 'The secret orders-db cannot be read: DecryptionFailure: as AWS says it',
      retriable: false,
    });
  });
});
