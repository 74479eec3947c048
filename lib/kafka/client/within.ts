import type { Clock } from '../../foundation/clock.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions } from '../ports.ts';

/** Longer sleeps overflow the timer; a call that lasts 24 days has other problems. */
export const maxSleepMs = 2 ** 31 - 1;

/** Why the wait for a deadline ends early. One for all: an abort without a reason makes an error with its stack. */
const over = new Error('The call is over');

/** The outcome of `work`, unless the call's deadline (KafkaError, retriable) or its signal (its reason) is first. */
export async function within<T>(work: Promise<T>, call: CallOptions, clock: Clock): Promise<T> {
  const { signal } = call;
  const wait = new AbortController();
  const called = (): void => wait.abort(signal?.reason);
  // Not AbortSignal.any: the run's signal lives long, and would look through all it ever was part of.
  if (signal?.aborted === true) called();
  signal?.addEventListener('abort', called, { once: true });
  const limit = clock.sleep(Math.min(call.deadline.remaining(), maxSleepMs), wait.signal).then((): never => {
    throw deadlineError();
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    signal?.removeEventListener('abort', called);
    wait.abort(over);
  }
}

/** REQUEST_TIMED_OUT, Kafka's own name for it. */
export function deadlineError(last?: KafkaError): KafkaError {
  const message = 'Kafka did not answer before the deadline of the call';
  return new KafkaError(last ? `${message}; the last attempt failed: ${last.message}` : message, {
    kafkaCode: last?.kafkaCode ?? 7,
    kafkaName: last?.kafkaName ?? 'REQUEST_TIMED_OUT',
    retriable: true,
    ...(last?.hint === undefined ? {} : { hint: last.hint }),
    ...(last?.topic === undefined ? {} : { topic: last.topic }),
    ...(last?.partition === undefined ? {} : { partition: last.partition }),
  });
}
