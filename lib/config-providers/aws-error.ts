import { ConfigError, ConnectError, RetriableError, toConnectError } from '../api/errors.ts';
import { type AwsSdkError, isPassingFault } from '../foundation/passing-fault.ts';

/** What was to be read, for messages. */
export interface AwsResource {
  /** `secret orders-db`, `parameter /shop/password`. */
  readonly what: string;
  /** The permission that reading it needs. */
  readonly action: string;
}

const missing = ['ResourceNotFoundException', 'ParameterNotFound', 'ParameterVersionNotFound'];
const denied = [
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
];

/** An SDK error in our words, with what to do about it. It never holds a value: the services do not quote them. */
export function awsError(thrown: unknown, { what, action }: AwsResource): ConnectError {
  const error: AwsSdkError = thrown instanceof Error ? thrown : toConnectError(thrown);
  const { name, message } = error;
  if (missing.includes(name)) {
    return new ConfigError(`There is no ${what}`, {
      cause: thrown,
      hint: 'Create it in the account and region of the function, or correct its name in the connector config.',
    });
  }
  if (denied.includes(name)) {
    return new ConnectError(`Not allowed to read the ${what}: ${message}`, {
      cause: thrown,
      hint: `The role of the task needs ${action} on it, which ConnectCluster grants for the names in a config, and kms:Decrypt for a KMS key of your own.`,
    });
  }
  if (name === 'CredentialsProviderError') {
    return new ConnectError(`No AWS credentials to read the ${what}: ${message}`, {
      cause: thrown,
      hint: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_REGION.',
    });
  }
  if (isPassingFault(error)) {
    return new RetriableError(`The ${what} cannot be read now: ${message}`, { cause: thrown });
  }
  return new ConnectError(`The ${what} cannot be read: ${name}: ${message}`, { cause: thrown });
}
