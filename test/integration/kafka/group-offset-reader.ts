import { Kafka, logLevel } from 'kafkajs';
import type { KafkaUnderTest } from '../../../lib/testing/kafka/kafka-probe.ts';

/** Reads stored offsets with kafkajs' own admin client, as a tool for lag would. */
export function groupOffsetReader(bootstrapServers: string): KafkaUnderTest['groupOffset'] {
  return async (groupId, topic, partition) => {
    const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const [ofTopic] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const found = ofTopic?.partitions.find((stored) => stored.partition === partition);
      return found === undefined || found.offset === '-1' ? undefined : BigInt(found.offset);
    } finally {
      await admin.disconnect();
    }
  };
}
