import { ConnectError, DataError, RetriableError } from '../../../lib/api/errors.ts';
import { RetryWithTolerance, type ToleranceOptions } from '../../../lib/errors/retry-with-tolerance.ts';
import type { Stage } from '../../../lib/errors/stage.ts';
import type { Clock } from '../../../lib/foundation/clock.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import type { VectorCase } from '../vector-case.ts';

interface Input {
  readonly timeoutMs: number;
  readonly delayMaxMs: number;
  readonly tolerance: ToleranceOptions['tolerance'];
  readonly stage: Stage;
  /** -1: always */
  readonly failTimes: number;
  readonly exception?: string;
  /** How long an attempt takes. */
  readonly opMs?: number;
  readonly operations?: number;
}

const retriable = 'org.apache.kafka.connect.errors.RetriableException';

/** Sleeping is what makes time go by, and is written down. */
class SleepLog implements Clock {
  time = 0;
  waits: number[] = [];
  now(): number {
    return this.time;
  }
  monotonic(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.waits.push(ms);
    this.time += ms;
  }
}

/** Several operations go through one operator, each on a record of its own. */
export async function retry({ input }: VectorCase): Promise<unknown> {
  const { timeoutMs, delayMaxMs, tolerance, operations = 1, exception = retriable } = input as Input;
  const clock = new SleepLog();
  const reports: string[] = [];
  const operator = new RetryWithTolerance({
    retryTimeoutMs: timeoutMs,
    retryDelayMaxMs: delayMaxMs,
    tolerance,
    clock,
    random: seededRandom(1),
    reporters: [
      {
        report: async ({ stage, attempts }) => void reports.push(`${stage}:${exception}:attempt=${attempts}`),
      },
    ],
  });
  const outcomes: unknown[] = [];
  for (let i = 0; i < operations; i++) outcomes.push(await runOne(operator, clock, input as Input));
  return { operations: outcomes, reports };
}

async function runOne(operator: RetryWithTolerance, clock: SleepLog, input: Input): Promise<unknown> {
  const { stage, failTimes, opMs = 0, exception = retriable } = input;
  const start = clock.time;
  let attempts = 0;
  clock.waits = [];
  const run = (): string => {
    clock.time += opMs;
    attempts++;
    if (failTimes < 0 || attempts <= failTimes) throw thrown(exception);
    return 'ok';
  };
  const answer = await outcome(operator, { stage, executingClass: 'Operation', record: {}, run }, exception);
  return {
    ...answer,
    attempts,
    waitsMs: clock.waits,
    elapsedMs: clock.time - start,
    withinTolerance: operator.withinTolerance,
  };
}

async function outcome(
  operator: RetryWithTolerance,
  operation: Parameters<typeof operator.execute>[0],
  exception: string,
): Promise<object> {
  try {
    const answer = await operator.execute(operation);
    return { result: answer?.value ?? null, failed: answer === undefined };
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return { threw: error.javaClass, message: error.message, cause: exception, failed: true };
  }
}

/** Only Connect's own RetriableException is retried; a retriable error of the Kafka client is like any other. */
function thrown(exception: string): Error {
  if (exception === retriable) return new RetriableError('failure');
  if (exception.endsWith('.DataException')) return new DataError('failure');
  return exception.endsWith('.ConnectException') ? new ConnectError('failure') : new Error('failure');
}
