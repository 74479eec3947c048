import type { KafkaClient, TransactionalProducer } from '../kafka/ports.ts';
import type { Table } from '../storage/table.ts';

/** What a worker process sees of the world. */
export interface World {
  readonly table: Table;
  readonly kafka: KafkaClient;
}

/** Wraps what a worker process sees of the world. */
export type Mortality = (world: World) => World;

export interface DyingOptions {
  readonly onCall?: (count: number) => void;
  /** When this resolves a frozen process goes on as if nothing had happened; absent: it is dead. */
  readonly thawed?: () => Promise<void>;
}

type Mortal = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => (...args: A) => Promise<R>;

/**
 * A process that dies (or freezes) at its n-th call to the outside: that call, and every one after it, is not
 * answered. `applied` says whether the fatal call still took effect.
 */
export function dyingAt(n: number, applied: boolean, { onCall, thawed }: DyingOptions = {}): Mortality {
  let calls = 0;
  let ice: Promise<void> | undefined;
  const mortal: Mortal =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls++;
      onCall?.(calls);
      if (calls < n) return call(...args);
      if (calls === n) {
        ice = thawed?.() ?? new Promise<void>(() => undefined);
        if (applied) {
          const answer = await call(...args);
          await ice;
          return answer;
        }
      }
      await ice;
      return call(...args);
    };
  return ({ table, kafka }) => ({
    table: {
      get: mortal(table.get.bind(table)),
      query: mortal(table.query.bind(table)),
      put: mortal(table.put.bind(table)),
      update: mortal(table.update.bind(table)),
      delete: mortal(table.delete.bind(table)),
    },
    kafka: {
      ensureFresh: kafka.ensureFresh.bind(kafka),
      describeTopics: mortal(kafka.describeTopics.bind(kafka)),
      listTopics: mortal(kafka.listTopics.bind(kafka)),
      createTopics: mortal(kafka.createTopics.bind(kafka)),
      listOffsets: mortal(kafka.listOffsets.bind(kafka)),
      fetch: mortal(kafka.fetch.bind(kafka)),
      commitGroupOffsets: mortal(kafka.commitGroupOffsets.bind(kafka)),
      producer: (options) => {
        const producer = kafka.producer(options);
        return { send: mortal(producer.send.bind(producer)), close: producer.close.bind(producer) };
      },
      transactional: (id, options) => mortalTransactions(kafka.transactional(id, options), mortal),
      close: kafka.close.bind(kafka),
      [Symbol.asyncDispose]: kafka.close.bind(kafka),
    },
  });
}

/** The end of a transaction counts as two calls, so that a process can die right before and right after a commit. */
function mortalTransactions(producer: TransactionalProducer, mortal: Mortal): TransactionalProducer {
  const cut = mortal(async () => undefined);
  return {
    init: mortal(producer.init.bind(producer)),
    run: async (work, call) => {
      const result = await producer.run(async (transaction) => {
        const worked = await work({ send: mortal(transaction.send.bind(transaction)) });
        await cut();
        return worked;
      }, call);
      await cut();
      return result;
    },
    close: producer.close.bind(producer),
  };
}
