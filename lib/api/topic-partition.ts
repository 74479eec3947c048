import type { Brand } from '../foundation/brand.ts';

/** `topic-partition` as one string, so that it can key a Map; the partition is what follows the last dash. */
export type TopicPartition = Brand<string, 'TopicPartition'>;

export const topicPartition = (topic: string, partition: number): TopicPartition =>
  `${topic}-${partition}` as TopicPartition;

export function splitTopicPartition(value: TopicPartition): { topic: string; partition: number } {
  const dash = value.lastIndexOf('-');
  return { topic: value.slice(0, dash), partition: Number(value.slice(dash + 1)) };
}
