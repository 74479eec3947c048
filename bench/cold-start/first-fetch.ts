import { deadlineIn } from '../../lib/foundation/deadline.ts';
import { systemClock } from '../../lib/foundation/clock.ts';
import { connectKafka } from '../../lib/kafka/client/connect-kafka.ts';

/** Arguments: bootstrap servers, topic. Prints milliseconds from the start of the process to the first record read. */
const [bootstrapServers = '', topic = ''] = process.argv.slice(2);
await using kafka = connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'bench' });
const fetched = await kafka.fetch(
  {
    assignments: [{ topic, partition: 0, offset: 0n }],
    maxBytes: 1_000_000,
    minBytes: 1,
    maxWaitMs: 500,
    isolation: 'read_committed',
  },
  { deadline: deadlineIn(30_000, systemClock) },
);
const [partition] = fetched.values();
if (partition?.records.length === 0) throw new Error('no record came', { cause: partition.error });
console.log(performance.now());
