import { Kafka, logLevel } from 'kafkajs';
import { batchesOf, laneArguments } from './lane-arguments.ts';

/** The same batches as our lane's; kafkajs sends each as one request. */
const batchSize = 2000;
const inFlight = 5;

const lane = laneArguments();
const { bootstrapServers, topic } = lane;
const kafka = new Kafka({ brokers: [bootstrapServers], clientId: 'bench', logLevel: logLevel.ERROR });
const producer = kafka.producer({ maxInFlightRequests: inFlight });
await producer.connect();
const sending: Promise<unknown>[] = [];
for (const batch of batchesOf(lane, batchSize)) {
  if (sending.length >= inFlight) await sending.shift();
  sending.push(producer.send({ topic, acks: -1, messages: batch.map((value) => ({ partition: 0, value })) }));
}
await Promise.all(sending);
await producer.disconnect();
