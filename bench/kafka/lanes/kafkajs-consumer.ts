import { Kafka, logLevel } from 'kafkajs';
import { laneArguments, tellMoved } from './lane-arguments.ts';

const { bootstrapServers, topic, records } = laneArguments();
const kafka = new Kafka({ brokers: [bootstrapServers], clientId: 'bench', logLevel: logLevel.ERROR });
const maxBytes = 8 * 1024 * 1024;
const consumer = kafka.consumer({
  groupId: `bench-${process.pid}`,
  maxBytes,
  maxBytesPerPartition: maxBytes,
});
const done = Promise.withResolvers<void>();
let moved = 0;
let bytes = 0;
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachBatch: ({ batch: { messages } }) => {
    for (const { value } of messages) bytes += value?.length ?? 0;
    const before = moved;
    moved += messages.length;
    if (before === 0) tellMoved(moved);
    if (before < records && moved >= records) {
      tellMoved(moved);
      done.resolve();
    }
    return Promise.resolve();
  },
});
await done.promise;
await consumer.disconnect();
if (bytes === 0) throw new Error('the records are empty');
