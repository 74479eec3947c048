import { Kafka, logLevel } from 'kafkajs';
import { batchesOf, laneArguments } from './lane-arguments.ts';

/** The same batches as our lane's, as far as they fit: kafkajs sends each as one, and a broker takes 1 MB of it. */
const mostRecords = 2000;
const mostBytes = 900_000;
const inFlight = 5;

const lane = laneArguments();
const { bootstrapServers, topic } = lane;
const kafka = new Kafka({ brokers: [bootstrapServers], clientId: 'bench', logLevel: logLevel.ERROR });
const producer = kafka.producer({ maxInFlightRequests: inFlight });
await producer.connect();
const [[{ length: recordBytes } = Buffer.alloc(1)] = []] = batchesOf({ ...lane, records: 1 }, 1);
const batchSize = Math.min(mostRecords, Math.floor(mostBytes / (recordBytes * 1.2)));
const sending: Promise<unknown>[] = [];
for (const batch of batchesOf(lane, batchSize)) {
  if (sending.length >= inFlight) await sending.shift();
  sending.push(producer.send({ topic, acks: -1, messages: batch.map((value) => ({ partition: 0, value })) }));
}
await Promise.all(sending);
await producer.disconnect();
