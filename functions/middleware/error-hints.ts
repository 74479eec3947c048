import type middy from '@middy/core';
import { describeError } from '../../lib/errors/describe-error.ts';

/** What Lambda logs of a failed invocation is the error's message alone: puts the hint and the causes into it. */
export function errorHints(): middy.MiddlewareObj<unknown, unknown> {
  return {
    onError(request) {
      request.error = new Error(describeError(request.error), { cause: request.error });
    },
  };
}
