import type { Context } from 'aws-lambda';
import { systemClock } from '../lib/foundation/clock.ts';
import { deadlineIn } from '../lib/foundation/deadline.ts';
import type { InvocationContext } from '../lib/worker/invocation.ts';

/** Lambda gives no notice before it kills, so the signal stays quiet: the deadline is all there is. */
export function invocationOf(context: Context): InvocationContext {
  return {
    requestId: context.awsRequestId,
    logGroup: context.logGroupName,
    logStream: context.logStreamName,
    deadline: deadlineIn(context.getRemainingTimeInMillis(), systemClock),
    signal: new AbortController().signal,
  };
}
