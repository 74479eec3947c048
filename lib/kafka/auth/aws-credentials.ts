import { KafkaError } from '../kafka-error.ts';
import type { AwsCredentials } from './msk-iam-token.ts';

export type CredentialSource = () => Promise<AwsCredentials>;

/**
 * Where the AWS SDK and CLI find them: environment, profile, web identity, container, instance. The SDK keeps them and
 * asks again five minutes before they expire. Loaded with the first call. Throws KafkaError.
 */
export function awsCredentials(profile?: string): CredentialSource {
  let provider: Promise<CredentialSource> | undefined;
  return async () => {
    provider ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) =>
      defaultProvider(profile === undefined ? {} : { profile }),
    );
    try {
      return await (await provider)();
    } catch (error) {
      throw credentialsError(error);
    }
  };
}

/** That there are none does not pass by itself; a service that did not answer does. */
function credentialsError(error: unknown): KafkaError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const retriable = !/^(CredentialsProviderError|ProviderError|TokenProviderError)$/.test(name);
  return new KafkaError(`No AWS credentials to sign in to Amazon MSK with: ${message}`, {
    kafkaCode: -1,
    kafkaName: 'SASL_AUTHENTICATION_FAILED',
    retriable,
    cause: error,
    hint: 'Give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, as for the AWS CLI; a Lambda function has its role.',
  });
}
