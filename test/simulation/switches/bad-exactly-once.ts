import type { Transaction } from '../../../lib/kafka/ports.ts';
import { TransactionError } from '../../../lib/kafka/transaction-error.ts';
import type { KnownBad } from './known-bad.ts';
import { override, rewriting } from './override.ts';

/** Faults of exactly-once sources. */
export const badExactlyOnce: readonly KnownBad[] = [
  {
    name: 'clean-left-true',
    fault: 'a claim leaves the offset marked as clean, so that the table is trusted though Kafka is ahead',
    steps: 4_000,
    table: (table) =>
      rewriting(table, (pk, _sk, update) => {
        if (!pk.startsWith('offsets#') || update.set?.['clean'] !== false) return undefined;
        const { clean: _clean, ...set } = update.set;
        return { update: { ...update, set } };
      }),
  },
  {
    name: 'unknown-outcome-counts',
    fault: 'a transaction whose commit was not answered counts as committed',
    kafka: (kafka) =>
      override(kafka, {
        transactional: (id, options) => {
          const producer = kafka.transactional(id, options);
          return override(producer, {
            run: async <T>(
              work: (transaction: Transaction) => Promise<T>,
              call: Parameters<typeof producer.run>[1],
            ) => {
              let result: T | undefined;
              try {
                return await producer.run(async (transaction) => (result = await work(transaction)), call);
              } catch (error) {
                if (error instanceof TransactionError && error.failure === 'OUTCOME_UNKNOWN')
                  return result as T;
                throw error;
              }
            },
          });
        },
      }),
  },
];
