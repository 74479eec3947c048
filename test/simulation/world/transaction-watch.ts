import { topicPartition, type TopicPartition } from '../../../lib/api/topic-partition.ts';
import { MemoryClient } from '../../../lib/kafka/memory/memory-client.ts';
import type { KafkaOperation, MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import { MemoryTransactionSteps } from '../../../lib/kafka/memory/memory-transaction-steps.ts';
import type { TransactionSteps } from '../../../lib/kafka/open-transaction.ts';
import type {
  CallOptions,
  ProducedPartition,
  ProduceRecord,
  TransactionalOptions,
} from '../../../lib/kafka/ports.ts';
import { override } from '../switches/override.ts';

export type Carry = <T>(what: string, call: CallOptions, apply: () => Promise<T>) => Promise<T>;

const names: Partial<Record<KafkaOperation, string>> = {
  initTransactions: 'init producer',
  produce: 'produce in transaction',
  commitTransaction: 'commit transaction',
  abortTransaction: 'abort transaction',
};

/**
 * The transactions of the memory Kafka with every request carried over the network of a history. `committed` is told at
 * the moment a commit takes effect, whatever its caller hears of it.
 */
export function watchedTransactions(
  memory: MemoryKafka,
  [id, options]: readonly [string, TransactionalOptions],
  carry: Carry,
  committed: (records: readonly ProduceRecord[]) => void,
): TransactionSteps {
  let sending: readonly ProduceRecord[] = [];
  let open: ProduceRecord[] = [];
  const client = override(new MemoryClient(memory), {
    perform: <T>(operation: KafkaOperation, call: CallOptions, work: () => T | Promise<T>): Promise<T> => {
      const records = sending;
      return carry(names[operation] ?? operation, call, async () => {
        const answer = await work();
        if (operation === 'produce') open.push(...taken(records, answer));
        if (operation === 'commitTransaction' && (answer as number) === 0) committed(open);
        if (operation !== 'produce') open = [];
        return answer;
      });
    },
  });
  const steps = new MemoryTransactionSteps(memory, client, id, options.timeoutMs);
  return {
    init: (call) => steps.init(call),
    send: (records, call) => {
      sending = records;
      return steps.send(records, call);
    },
    end: (isCommitted, call) => steps.end(isCommitted, call),
    get inDoubt() {
      return steps.inDoubt;
    },
    close: () => steps.close(),
  };
}

const taken = (records: readonly ProduceRecord[], answer: unknown): ProduceRecord[] =>
  records.filter(
    ({ topic, partition }) =>
      (answer as Map<TopicPartition, ProducedPartition>).get(topicPartition(topic, partition))?.error ===
      undefined,
  );
