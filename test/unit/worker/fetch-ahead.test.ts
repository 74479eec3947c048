import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { MemoryClient } from '../../../lib/kafka/memory/memory-client.ts';
import { MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import type { FetchRequest, KafkaClient } from '../../../lib/kafka/ports.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { FetchAhead } from '../../../lib/worker/fetch-ahead.ts';

function fetching() {
  const clock = new VirtualClock();
  const kafka = new MemoryKafka({ clock });
  kafka.createTopic({ topic: 't', partitions: 1 });
  for (const value of ['a', 'b', 'c'])
    kafka.append({ topic: 't', partition: 0, key: null, value, timestamp: 0 });
  const asked: bigint[] = [];
  let underWay = 0;
  let failure: Error | undefined;
  const memory = new MemoryClient(kafka);
  const client: Pick<KafkaClient, 'fetch'> = {
    fetch: async (request, call) => {
      asked.push(request.assignments[0]?.offset ?? -1n);
      underWay++;
      try {
        await Promise.resolve();
        if (failure !== undefined) throw failure;
        return await memory.fetch(request, call);
      } finally {
        underWay--;
      }
    },
  };
  const ahead = new FetchAhead(client, { deadline: deadlineIn(60_000, clock) });
  return {
    ahead,
    asked,
    underWay: () => underWay,
    fail: (error: Error) => (failure = error),
    at: (offset: bigint): FetchRequest => ({
      assignments: [{ topic: 't', partition: 0, offset }],
      maxBytes: 1_000,
      minBytes: 1,
      maxWaitMs: 0,
      isolation: 'read_uncommitted',
    }),
  };
}

const t0 = topicPartition('t', 0);

describe('fetching ahead', () => {
  it('gives what was fetched while the last records were delivered', async () => {
    const { ahead, asked, at } = fetching();
    ahead.begin(at(1n));
    const fetched = await ahead.fetch(at(1n));
    expect(fetched.get(t0)?.records.map(({ offset }) => offset)).toEqual([1n, 2n]);
    expect(asked).toEqual([1n]);
  });

  it('fetches anew when the task has gone elsewhere meanwhile, with nothing else under way', async () => {
    const { ahead, asked, at, underWay } = fetching();
    ahead.begin(at(1n));
    const fetched = await ahead.fetch(at(0n));
    expect(fetched.get(t0)?.records).toHaveLength(3);
    expect([asked, underWay()]).toEqual([[1n, 0n], 0]);
  });

  it('leaves nothing under way when it is closed', async () => {
    const { ahead, at, underWay } = fetching();
    ahead.begin(at(0n));
    expect(underWay()).toBe(1);
    await ahead.close();
    expect(underWay()).toBe(0);
  });

  it('tells its failure to who asks for it, and to nobody else', async () => {
    const { ahead, at, fail } = fetching();
    fail(new Error('broken'));
    ahead.begin(at(0n));
    await ahead.close();
    ahead.begin(at(0n));
    await expect(ahead.fetch(at(0n))).rejects.toThrow('broken');
  });
});
