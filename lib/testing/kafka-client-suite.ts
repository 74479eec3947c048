import { afterAll, beforeAll, describe } from 'vitest';
import { describeCalls } from './kafka/calls-suite.ts';
import { describeFetch } from './kafka/fetch-suite.ts';
import { describeGroupOffsets } from './kafka/group-offsets-suite.ts';
import { KafkaProbe, type KafkaUnderTest } from './kafka/kafka-probe.ts';
import { describeOffsets } from './kafka/offsets-suite.ts';
import { describeRecords } from './kafka/records-suite.ts';
import { describeRefusals } from './kafka/refusals-suite.ts';
import { describeTopics } from './kafka/topics-suite.ts';
import { describeTransactionFailures } from './kafka/transaction-failures-suite.ts';
import { describeTransactions } from './kafka/transaction-suite.ts';

/** What every implementation of the Kafka port must do. Run on memory, on the dev broker and on a real Kafka. */
export function describeKafkaClient(name: string, setup: () => Promise<KafkaUnderTest>): void {
  describe(`${name}, as a Kafka client`, () => {
    let started: KafkaProbe | undefined;
    const probe = (): KafkaProbe => {
      if (!started) throw new Error('the Kafka under test is not started');
      return started;
    };
    beforeAll(async () => {
      started = new KafkaProbe(await setup());
    });
    afterAll(() => started?.close());

    for (const describePart of [
      describeTopics,
      describeRecords,
      describeRefusals,
      describeFetch,
      describeOffsets,
      describeCalls,
      describeGroupOffsets,
      describeTransactions,
      describeTransactionFailures,
    ]) {
      describePart(probe);
    }
  });
}
