import { deadlineIn } from '../../lib/foundation/deadline.ts';
import { systemClock } from '../../lib/foundation/clock.ts';
import { connectKafka } from '../../lib/kafka/client/connect-kafka.ts';

/** Arguments: bootstrap servers, topic. Prints milliseconds from the start of the process to the first acknowledged record. */
const [bootstrapServers = '', topic = ''] = process.argv.slice(2);
await using kafka = connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'bench' });
const record = { topic, partition: 0, key: null, value: 'first', timestamp: null };
const produced = await kafka.producer({}).send([record], { deadline: deadlineIn(30_000, systemClock) });
for (const { error } of produced.values()) if (error !== undefined) throw error;
console.log(performance.now());
