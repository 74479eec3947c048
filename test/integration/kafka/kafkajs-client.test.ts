import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';

/** kafkajs' own client reads and writes every message of the protocol in its own way: a second opinion on ours. */
describe('the dev broker, spoken to by kafkajs itself', () => {
  let broker: DevBroker;
  let kafka: Kafka;

  beforeAll(async () => {
    broker = await startDevBroker();
    kafka = new Kafka({ brokers: [broker.bootstrapServers], logLevel: logLevel.NOTHING });
  });
  afterAll(() => broker.close());

  const withAdmin = async <T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  };
  const newTopic = async (topic: string): Promise<string> => {
    const configEntries = [{ name: 'cleanup.policy', value: 'compact,delete' }];
    await withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries }] }));
    return topic;
  };

  it('creates, describes and deletes topics', async () => {
    const topic = await newTopic('admin');
    await withAdmin(async (admin) => {
      expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false);
      const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
      expect(metadata.topics[0]?.partitions).toHaveLength(2);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: topic, configNames: ['cleanup.policy', 'retention.ms'] }],
      });
      expect(
        resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
      ).toEqual([
        ['cleanup.policy', 'compact,delete'],
        ['retention.ms', '-1'],
      ]);
      await admin.deleteTopics({ topics: [topic] });
      expect(await admin.listTopics()).not.toContain(topic);
    });
  });

  it('takes records of an idempotent producer, and finds offsets', async () => {
    const topic = await newTopic('idempotent');
    const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    for (const value of ['a', 'b'])
      await producer.send({ topic, messages: [{ partition: 1, key: 'k', value }] });
    await producer.disconnect();
    const offsets = await withAdmin((admin) => admin.fetchTopicOffsets(topic));
    expect(offsets.find(({ partition }) => partition === 1)).toMatchObject({ low: '0', high: '2' });
  });

  it('commits and aborts transactions together with the offsets of a group', async () => {
    const topic = await newTopic('transactional');
    const producer = kafka.producer({
      transactionalId: 'tx',
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const committedOffset = async (): Promise<string | undefined> => {
      const [offsets] = await withAdmin((admin) => admin.fetchOffsets({ groupId: 'group', topics: [topic] }));
      return offsets?.partitions.find(({ partition }) => partition === 0)?.offset;
    };
    const offsetsAt = (offset: string) => ({
      consumerGroupId: 'group',
      topics: [{ topic, partitions: [{ partition: 0, offset }] }],
    });

    const aborted = await producer.transaction();
    await aborted.send({ topic, messages: [{ partition: 0, key: 'k', value: 'no' }] });
    await aborted.sendOffsets(offsetsAt('7'));
    await aborted.abort();
    expect(await committedOffset()).toBe('-1');

    const committed = await producer.transaction();
    await committed.send({ topic, messages: [{ partition: 0, key: 'k', value: 'yes' }] });
    await committed.sendOffsets(offsetsAt('8'));
    await committed.commit();
    expect(await committedOffset()).toBe('8');
    await producer.disconnect();
  });
});
