import { Kafka, logLevel } from 'kafkajs';

const unknownTopic = 3;

/** Topics of the bench, all of one partition, through a client that is none of ours. */
export class Topics implements AsyncDisposable {
  readonly #admin: ReturnType<Kafka['admin']>;
  #made = 0;

  private constructor(bootstrapServers: string) {
    const kafka = new Kafka({ brokers: [bootstrapServers], clientId: 'topics', logLevel: logLevel.NOTHING });
    this.#admin = kafka.admin();
  }

  static async connect(bootstrapServers: string): Promise<Topics> {
    const topics = new Topics(bootstrapServers);
    await topics.#admin.connect();
    return topics;
  }

  /** A new one each time; its name ends as asked, where a connector derives it from something. */
  async create(ending = ''): Promise<string> {
    const topic = `bench-${++this.#made}${ending}`;
    const config = [{ name: 'file.delete.delay.ms', value: '500' }];
    await this.#admin.createTopics({
      topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries: config }],
      waitForLeaders: true,
    });
    return topic;
  }

  async records(topic: string): Promise<number> {
    try {
      const [partition] = await this.#admin.fetchTopicOffsets(topic);
      return Number(partition?.high ?? 0);
    } catch (error) {
      // A busy broker tells of a new topic a moment after it has made it.
      if ((error as { readonly code?: number }).code === unknownTopic) return 0;
      throw error;
    }
  }

  async delete(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.disconnect();
  }
}
