import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { systemRandom } from '../../../lib/foundation/random.ts';
import { Cluster } from '../../../lib/kafka/client/cluster.ts';
import { fetchApi } from '../../../lib/kafka/protocol/record-apis.ts';

/** The batches of partition 0 as the broker keeps them, up to 10 MB: what a reader gets before it decodes. */
export async function storedBatches(bootstrapServers: string, topic: string): Promise<Buffer> {
  const options = { bootstrapServers: [bootstrapServers], clientId: 'raw' };
  const cluster = new Cluster({ options, clock: systemClock, random: systemRandom, log: silentLogger });
  try {
    const connection = await cluster.anyConnection({ deadline: deadlineIn(10_000, systemClock) });
    const partition = {
      partition: 0,
      leaderEpoch: -1,
      fetchOffset: 0n,
      logStartOffset: -1n,
      maxBytes: 10_000_000,
    };
    const answer = await connection.request(fetchApi, {
      replicaId: -1,
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 10_000_000,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic, partitions: [partition] }],
      forgotten: [],
      rackId: '',
    });
    return Buffer.concat(answer.topics[0]?.partitions[0]?.batches ?? []);
  } finally {
    await cluster.close();
  }
}
