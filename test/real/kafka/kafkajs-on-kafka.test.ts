import { describe } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { connectKafka } from '../../../lib/kafka/kafkajs/connect-kafka.ts';
import { describeKafkaClient } from '../../../lib/testing/kafka-client-suite.ts';
import { describeTransactions } from '../../../lib/testing/kafka/transaction-suite.ts';
import { startKafka } from '../servers/kafka.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

const missing = await javaUnavailable();
describe.skipIf(missing !== undefined)(`with Java and Maven${missing ? `: ${missing}` : ''}`, () => {
  describeKafkaClient('kafkajs on Apache Kafka', async () => {
    const broker = await startKafka();
    return {
      connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'suite' }),
      clock: systemClock,
      close: () => broker.close(),
    };
  });
  describeTransactions('Apache Kafka', async () => {
    const broker = await startKafka();
    const { bootstrapServers } = broker;
    return {
      bootstrapServers,
      connect: () => connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'suite' }),
      close: () => broker.close(),
    };
  });
});
