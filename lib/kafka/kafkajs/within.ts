import type { Clock } from '../../foundation/clock.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions } from '../ports.ts';

/** Longer sleeps overflow the timer; a call that lasts 24 days has other problems. */
const maxSleepMs = 2 ** 31 - 1;

/** The outcome of `work`, unless the call's deadline (KafkaError, retriable) or its signal (its reason) is first. */
export async function within<T>(work: Promise<T>, call: CallOptions, clock: Clock): Promise<T> {
  const settled = new AbortController();
  const signal = call.signal ? AbortSignal.any([settled.signal, call.signal]) : settled.signal;
  const limit = clock.sleep(Math.min(call.deadline.remaining(), maxSleepMs), signal).then((): never => {
    throw deadlineError();
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    settled.abort();
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
