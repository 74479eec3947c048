import type { ClientContext } from './client-context.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions } from '../ports.ts';
import { deadlineError } from './within.ts';

const firstBackoffMs = 100;
const maxBackoffMs = 1_000;

/**
 * The end of the transaction before takes a broker a few milliseconds: to wait 100 ms for it would be the greater part
 * of a short transaction.
 */
const concurrentTransactions = { name: 'CONCURRENT_TRANSACTIONS', firstBackoffMs: 4, growth: 1.1 } as const;

/** 100 ms, doubling to 1 s, with up to a fifth off so that clients do not march in step. */
export function backoffMs(attempt: number, context: ClientContext, error?: KafkaError): number {
  const quick = error?.kafkaName === concurrentTransactions.name ? concurrentTransactions : undefined;
  const first = quick?.firstBackoffMs ?? firstBackoffMs;
  const full = Math.min(maxBackoffMs, first * (quick?.growth ?? 2) ** Math.min(attempt, 100));
  return full * (1 - context.random.next() / 5);
}

/**
 * How long a failure is worth waiting out inside one call: leaders are elected and brokers restarted in seconds;
 * a topic that is unknown for so long was not just created, and a cluster that cannot be reached is down.
 */
const patienceMs: Readonly<Record<string, number>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 3_000,
  UNREACHABLE: 30_000,
};

export function patienceOf(error: KafkaError): number {
  return patienceMs[error.kafkaName] ?? Number.POSITIVE_INFINITY;
}

/** Runs `attempt` until it succeeds, fails for good, or the call ends. The adapter's one retry loop but for sends. */
export async function withRetries<T>(
  context: ClientContext,
  call: CallOptions,
  attempt: (count: number) => Promise<T>,
): Promise<T> {
  const { clock } = context;
  const start = clock.monotonic();
  for (let count = 0; ; count++) {
    call.signal?.throwIfAborted();
    try {
      return await attempt(count);
    } catch (error) {
      if (!(error instanceof KafkaError) || !error.retriable) throw error;
      const pause = backoffMs(count, context, error);
      if (clock.monotonic() - start + pause > patienceOf(error)) throw error;
      if (call.deadline.remaining() <= pause) throw deadlineError(error);
      await clock.sleep(pause, call.signal);
    }
  }
}
