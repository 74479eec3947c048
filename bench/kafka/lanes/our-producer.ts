import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { batchesOf, laneArguments } from './lane-arguments.ts';

/** As many records in one send as a file source polls, and a few sends on their way. */
const batchSize = 2000;
const inFlight = 8;

const lane = laneArguments();
const { bootstrapServers, topic, compression } = lane;
await using kafka = connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'bench' });
const producer = kafka.producer({ compression });
const sending: Promise<void>[] = [];
for (const batch of batchesOf(lane, batchSize)) {
  if (sending.length >= inFlight) await sending.shift();
  sending.push(sendBatch(batch));
}
await Promise.all(sending);

async function sendBatch(values: readonly Buffer[]): Promise<void> {
  const timestamp = systemClock.now();
  const answers = await producer.send(
    values.map((value) => ({ topic, partition: 0, key: null, value, timestamp })),
    { deadline: deadlineIn(60_000, systemClock) },
  );
  for (const { error } of answers.values()) if (error !== undefined) throw error;
}
