import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayExactlyOnce } from './replay-exactly-once.ts';
import { replayInternalTopics } from './replay-internal-topics.ts';
import {
  type ExactlyOnceRecording,
  readExactlyOnce,
  readInternalTopics,
  type TopicRecord,
} from './topic-recording.ts';

const vectors = join(import.meta.dirname, '..', 'vectors');
const eos = readExactlyOnce(join(vectors, 'eos.json.gz'));
const internal = readInternalTopics(join(vectors, 'internal-topics.json.gz'));

const withTopic = (
  topic: string,
  change: (record: TopicRecord, i: number) => TopicRecord | null,
): ExactlyOnceRecording => ({
  ...eos,
  topics: {
    ...eos.topics,
    [topic]: (eos.topics[topic] ?? []).flatMap((record, i) => change(record, i) ?? []),
  },
});

describe('the replay of an exactly-once worker notices', () => {
  it.each<[string, ExactlyOnceRecording, RegExp]>([
    [
      'an offset of another value',
      withTopic('e2-offsets', (record, i) => (i === 1 ? { ...record, value: '{"n":9}' } : record)),
      /e2-offsets/,
    ],
    ['a record that is not there', withTopic('eos-t', (record, i) => (i === 4 ? null : record)), /eos-t, k2/],
    [
      'records that belong to one transaction',
      withTopic('eos-t', (record, i) => (i === 9 ? { ...record, offset: record.offset + 1 } : record)),
      /transactions should be/,
    ],
    [
      'another transactional id',
      { ...eos, transactionsAtEnd: [...eos.transactionsAtEnd, { transactionalId: 'lab-eos-e9-0' }] },
      /lab-eos-e9-0/,
    ],
    [
      'another setting of the offsets topic',
      {
        ...eos,
        topicConfigs: [{ topic: 'e2-offsets', partitions: 1, nonDefaultConfigs: {} }],
      },
      /e2-offsets should be/,
    ],
  ])('%s', async (_what, tampered, difference) => {
    const found = (await replayExactlyOnce(tampered)).flatMap((result) => result.difference ?? []);
    expect(found.join('\n')).toMatch(difference);
  });
});

describe('the replay of internal topics notices', () => {
  it('an offset that was not written', async () => {
    const [topic = ''] = Object.keys(internal.topics).filter((name) => name.endsWith('offsets'));
    const records = internal.topics[topic] ?? [];
    const tampered = { ...internal, topics: { ...internal.topics, [topic]: records.slice(0, 4) } };
    const [result] = await replayInternalTopics(tampered);
    expect(result?.difference).toMatch(/ilab/);
  });
});
