import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import type { KafkaClient, KafkaRecord } from '../../../lib/kafka/ports.ts';

/** Everything committed of a topic, one partition after the other; nothing of one that does not exist. */
export async function readTopic(kafka: KafkaClient, topic: string): Promise<KafkaRecord[]> {
  return readValues(kafka, topic, (record) => record);
}

/** What `pick` makes of each, so that not all of a long topic is kept. */
export async function readValues<T>(
  kafka: KafkaClient,
  topic: string,
  pick: (record: KafkaRecord) => T,
): Promise<T[]> {
  const described = (await kafka.describeTopics([topic], call())).get(topic);
  const all: T[][] = [];
  for (const { partition } of described?.partitions ?? [])
    all.push(await readPartition(kafka, { topic, partition }, pick));
  return all.flat();
}

export async function readPartition<T>(
  kafka: KafkaClient,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  pick: (record: KafkaRecord) => T,
): Promise<T[]> {
  const all: T[] = [];
  for (let offset = 0n; ; ) {
    const assignments = [{ topic, partition, offset }];
    const request = { assignments, maxBytes: 8_388_608, minBytes: 1, maxWaitMs: 200 };
    const answer = (await kafka.fetch({ ...request, isolation: 'read_committed' }, call())).get(
      topicPartition(topic, partition),
    );
    if (answer?.error !== undefined) throw answer.error;
    for (const record of answer?.records ?? []) all.push(pick(record));
    if (answer === undefined || answer.nextOffset === offset) return all;
    offset = answer.nextOffset;
  }
}

const call = () => ({ deadline: deadlineIn(60_000, systemClock) });
