const passing = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'InternalServerError',
  'InternalServiceError',
  'InternalFailure',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TransactionConflictException',
  'LimitExceededException',
  'TimeoutError',
]);

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What an error of the AWS SDK tells beside its name and message. */
export interface AwsSdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** An outage, a throttle or a lost connection, after the SDK's own retries: the same call may be tried again. */
export function isPassingAwsFault(error: AwsSdkError): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  return passing.has(error.name) || unreachable.has(error.code ?? '') || status === 429 || status >= 500;
}
