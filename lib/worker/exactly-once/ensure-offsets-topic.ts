import { RetriableError } from '../../api/errors.ts';
import type { CallOptions, KafkaClient, NewTopic } from '../../kafka/ports.ts';

/** The number of partitions of the offsets topic, which is created compacted where it is missing. */
export async function ensureOffsetsTopic(
  kafka: KafkaClient,
  topic: NewTopic,
  call: CallOptions,
): Promise<number> {
  const name = topic.topic;
  const known = (await kafka.describeTopics([name], call)).get(name);
  if (known !== undefined) return known.partitions.length;
  await kafka.createTopics([topic], call);
  const created = (await kafka.describeTopics([name], call)).get(name);
  if (created !== undefined) return created.partitions.length;
  throw new RetriableError(`Offsets topic ${name} was created but the broker does not know it yet`);
}
