import { describe, expect, it } from 'vitest';
import { groupOf, topicCreationGroups } from '../../../lib/pipeline/topic-creation-groups.ts';

const defaults = {
  'topic.creation.default.partitions': '5',
  'topic.creation.default.replication.factor': '3',
};
const read = (config: Record<string, string>) => topicCreationGroups({ ...defaults, ...config }) ?? [];

describe('topicCreationGroups', () => {
  it('are none without keys, or when the worker forbids them', () => {
    expect(topicCreationGroups({ name: 'a' })).toBeUndefined();
    expect(topicCreationGroups(defaults, false)).toBeUndefined();
  });

  it('takes the first group that includes and does not exclude a topic, else the default', () => {
    const groups = read({
      'topic.creation.groups': 'logs, all',
      'topic.creation.logs.include': 'logs-.*, trace',
      'topic.creation.logs.exclude': 'logs-[0-9]',
      'topic.creation.logs.partitions': '1',
      'topic.creation.logs.retention.ms': '10',
      'topic.creation.all.include': '(?i)LOGS.*',
    });
    const groupName = (topic: string) => groupOf(topic, groups)?.name;
    expect(['logs-a', 'trace', 'logs-1', 'orders', 'xtrace'].map(groupName)).toEqual([
      'logs',
      'logs',
      'all',
      'default',
      'default',
    ]);
    expect(groups[0]?.settings).toEqual({
      partitions: 1,
      replicationFactor: 3,
      configs: { 'retention.ms': '10' },
    });
  });

  it('ignores what the default group includes or excludes, and that it is listed', () => {
    const groups = read({
      'topic.creation.groups': 'default,a',
      'topic.creation.default.include': 'nothing',
      'topic.creation.default.exclude': '[',
      'topic.creation.a.include': 'x',
    });
    expect(groups.map(({ name }) => name)).toEqual(['default', 'a']);
    expect(['x', 'y'].map((topic) => groupOf(topic, groups)?.name)).toEqual(['a', 'default']);
  });

  it.each([
    [
      { 'topic.creation.groups': 'a,a' },
      'Invalid value [a, a] for configuration topic.creation.groups: Duplicate alias provided.',
    ],
    [
      { 'topic.creation.default.partitions': '0' },
      "Invalid value 0 for configuration partitions: Number of partitions must be positive, or -1 to use the broker's default",
    ],
    [
      { 'topic.creation.groups': 'a', 'topic.creation.a.replication.factor': 'x' },
      'Invalid value x for configuration topic.creation.a.replication.factor: Not a number of type SHORT',
    ],
    [
      { 'topic.creation.groups': 'a', 'topic.creation.a.include': '(' },
      'Invalid value [(] for configuration include: Syntax error in regular expression: Unclosed group near index 1\n(',
    ],
  ])('%j is refused', (config, message) => {
    expect(() => read(config)).toThrow(message);
  });

  it('needs both numbers of the default group as soon as there is any key', () => {
    expect(() => topicCreationGroups({ 'topic.creation.groups': '' })).toThrow(
      'Missing required configuration "topic.creation.default.replication.factor" which has no default value.',
    );
  });
});
