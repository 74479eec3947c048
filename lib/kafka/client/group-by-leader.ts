import { errorOf } from '../error-codes.ts';
import type { KafkaError } from '../kafka-error.ts';
import type { Cluster } from './cluster.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

const codes = { unknownTopicOrPartition: 3, leaderNotAvailable: 5 } as const;

/** Requests go to the leader of a partition; what has none is told apart with the reason. */
export function byLeader<P extends Place>(
  places: readonly P[],
  cluster: Cluster,
): { led: Map<number, P[]>; leaderless: { ask: P; error: KafkaError }[] } {
  const led = new Map<number, P[]>();
  const leaderless: { ask: P; error: KafkaError }[] = [];
  for (const ask of places) {
    const { topic, partition } = ask;
    const leader = cluster.leaderOf(topic, partition);
    if (leader === undefined)
      leaderless.push({ ask, error: errorOf(codes.unknownTopicOrPartition, { topic, partition }) });
    else if (leader < 0)
      leaderless.push({ ask, error: errorOf(codes.leaderNotAvailable, { topic, partition }) });
    else {
      const ofLeader = led.get(leader);
      if (ofLeader) ofLeader.push(ask);
      else led.set(leader, [ask]);
    }
  }
  return { led, leaderless };
}

/** Requests name a topic once, with its partitions. */
export function byTopic<P extends Place, Q>(
  places: readonly P[],
  partitionOf: (place: P) => Q,
): { topic: string; partitions: Q[] }[] {
  const topics = new Map<string, Q[]>();
  for (const place of places) {
    const partitions = topics.get(place.topic);
    if (partitions) partitions.push(partitionOf(place));
    else topics.set(place.topic, [partitionOf(place)]);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}
