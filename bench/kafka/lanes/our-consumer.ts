import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { laneArguments, tellMoved } from './lane-arguments.ts';

/** What a sink task asks for. */
const maxBytes = 8 * 1024 * 1024;

const { bootstrapServers, topic, records } = laneArguments();
await using kafka = connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'bench' });
let offset = 0n;
let bytes = 0;
for (let moved = 0; moved < records; ) {
  const before = moved;
  const fetched = await kafka.fetch(
    {
      assignments: [{ topic, partition: 0, offset }],
      maxBytes,
      minBytes: 1,
      maxWaitMs: 500,
      isolation: 'read_uncommitted',
    },
    { deadline: deadlineIn(60_000, systemClock) },
  );
  for (const partition of fetched.values()) {
    if (partition.error !== undefined) throw partition.error;
    offset = partition.nextOffset;
    // Every value is read, as in the other lanes.
    for (const { value } of partition.records) bytes += value?.length ?? 0;
    moved += partition.records.length;
  }
  if (before === 0 && moved > 0) tellMoved(moved);
  if (moved >= records) tellMoved(moved);
}
if (bytes === 0) throw new Error('the records are empty');
