import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import { describeKafkaClient } from '../../../lib/testing/kafka-client-suite.ts';

describeKafkaClient('MemoryKafka', async () => {
  const kafka = new MemoryKafka({ clock: systemClock });
  return {
    connect: () => kafka.connect({ bootstrapServers: [], clientId: 'suite' }),
    clock: systemClock,
    groupOffset: async (group, topic, partition) =>
      kafka.groupOffsets.get(group)?.get(topicPartition(topic, partition)),
    close: async () => undefined,
  };
});
