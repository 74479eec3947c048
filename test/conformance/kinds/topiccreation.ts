import { groupOf, topicCreationGroups } from '../../../lib/pipeline/topic-creation-groups.ts';
import { definitely } from '../codec/decode-schema.ts';
import type { VectorCase } from '../vector-case.ts';

export function topiccreation({ input, config = {} }: VectorCase): unknown {
  const { topics, workerTopicCreationEnable = true } = input as {
    topics: readonly string[];
    workerTopicCreationEnable?: boolean;
  };
  const isText = (entry: [string, string | null]): entry is [string, string] => entry[1] !== null;
  const groups = topicCreationGroups(
    Object.fromEntries(Object.entries(config).filter(isText)),
    workerTopicCreationEnable,
  );
  if (groups === undefined) return { usesTopicCreation: false };
  const describe = (topic: string): readonly [string, unknown] => {
    const { name, settings } = definitely(groupOf(topic, groups));
    return [topic, { group: name, ...settings }];
  };
  return {
    usesTopicCreation: true,
    groups: groups.map(({ name }) => name),
    topics: Object.fromEntries(topics.map(describe)),
  };
}
