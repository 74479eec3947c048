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
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** What an error of the AWS SDK tells beside its name and message. */
export interface AwsSdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
}

/**
 * An outage, a throttle or a lost connection, after the SDK's own retries: the same call may be tried again. Told by
 * the shape, so that errors of Node and of fetch count as well.
 */
export function isPassingFault(error: Partial<AwsSdkError>): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  return (
    passing.has(error.name ?? '') ||
    unreachable.has(error.code ?? '') ||
    error.$retryable !== undefined ||
    status === 429 ||
    status >= 500
  );
}
