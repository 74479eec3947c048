import { systemClock } from '../../../lib/foundation/clock.ts';
import { startDevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { describeKafkaClient } from '../../../lib/testing/kafka-client-suite.ts';
import { groupOffsetReader } from './group-offset-reader.ts';
import { describeBroker } from '../../../lib/testing/kafka/broker-suite.ts';

for (const nodes of [1, 3]) {
  describeKafkaClient(`the client on a dev broker of ${nodes} node(s)`, async () => {
    const broker = await startDevBroker({ nodes });
    return {
      connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'suite' }),
      clock: systemClock,
      groupOffset: groupOffsetReader(broker.bootstrapServers),
      close: () => broker.close(),
    };
  });
}

describeBroker('the dev broker', async () => {
  const broker = await startDevBroker();
  const { bootstrapServers } = broker;
  return {
    bootstrapServers,
    connect: () => connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'suite' }),
    close: () => broker.close(),
  };
});
