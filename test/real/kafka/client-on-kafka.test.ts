import { describe } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { describeKafkaClient } from '../../../lib/testing/kafka-client-suite.ts';
import { describeBroker } from '../../../lib/testing/kafka/broker-suite.ts';
import { groupOffsetReader } from '../../integration/kafka/group-offset-reader.ts';
import { startKafka } from '../servers/kafka.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

const missing = await javaUnavailable();
/** A broker looks for transactions that outlived their timeout every 10 s by default. */
const properties = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200' };

describe.skipIf(missing !== undefined)(`with Java and Maven${missing ? `: ${missing}` : ''}`, () => {
  describeKafkaClient('the client on Apache Kafka', async () => {
    const broker = await startKafka({ properties });
    return {
      connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'suite' }),
      clock: systemClock,
      groupOffset: groupOffsetReader(broker.bootstrapServers),
      close: () => broker.close(),
    };
  });
  describeBroker('Apache Kafka', async () => {
    const broker = await startKafka();
    const { bootstrapServers } = broker;
    return {
      bootstrapServers,
      connect: () => connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'suite' }),
      close: () => broker.close(),
    };
  });
});
