import { describe, expect, it } from 'vitest';
import { int32Schema, stringSchema } from '../../../lib/api/data/schema.ts';
import { DataError } from '../../../lib/api/errors.ts';
import type { SourceRecord } from '../../../lib/api/record.ts';
import { sourceDeadLetters } from '../../../lib/errors/source-dead-letters.ts';
import type { EncodedValue, ProduceRecord } from '../../../lib/kafka/ports.ts';

const source: SourceRecord = {
  topic: 'orders',
  sourcePartition: { table: 'orders' },
  sourceOffset: { id: 9007199254740993n },
  keySchema: int32Schema,
  key: 7,
  valueSchema: null,
  value: { name: 'x', n: 1 },
  timestamp: 1_483_425_001_864,
  headers: [{ key: 'trace', schema: stringSchema, value: 'abc' }],
};

type DeadLetter = Omit<ProduceRecord, 'partition'> & EncodedValue;

async function deadLetter(record: SourceRecord): Promise<DeadLetter> {
  const sent: DeadLetter[] = [];
  const letters = sourceDeadLetters({
    topic: 'dead',
    connector: 'c',
    task: 3,
    hide: (text) => text,
    send: async (letter) => void sent.push(letter),
  });
  const error = new DataError('not a number', { cause: new SyntaxError('x') });
  await letters.report({
    stage: 'TRANSFORMATION',
    executingClass: 'Cast',
    error,
    attempts: 1,
    source: record,
  });
  const [letter] = sent;
  if (letter === undefined) throw new Error('nothing was sent');
  return letter;
}

const text = (bytes: Uint8Array | null | undefined): string | null =>
  bytes === null || bytes === undefined ? null : new TextDecoder().decode(bytes);
const headersOf = ({ headers = [] }: Omit<ProduceRecord, 'partition'> & EncodedValue) =>
  Object.fromEntries(headers.map(({ key, value }) => [key, text(value)]));

describe('a dead letter of a source', () => {
  it('is the record as it was emitted, with its schemas, and its own timestamp', async () => {
    const letter = await deadLetter(source);
    expect(letter).toMatchObject({ topic: 'dead', timestamp: 1_483_425_001_864 });
    expect(text(letter.key)).toBe('{"schema":{"type":"int32","optional":false},"payload":7}');
    expect(text(letter.value)).toBe('{"schema":null,"payload":{"name":"x","n":1}}');
  });

  it('says where it was to go, where it came from, and what went wrong', async () => {
    expect(headersOf(await deadLetter(source))).toMatchObject({
      trace: '{"schema":{"type":"string","optional":false},"payload":"abc"}',
      '__connect.errors.topic': 'orders',
      '__connect.errors.source.partition': '{"table":"orders"}',
      '__connect.errors.source.offset': '{"id":9007199254740993}',
      '__connect.errors.connector.name': 'c',
      '__connect.errors.task.id': '3',
      '__connect.errors.stage': 'TRANSFORMATION',
      '__connect.errors.class.name': 'Cast',
      '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
      '__connect.errors.exception.message': 'not a number',
      '__connect.errors.exception.stacktrace': expect.stringMatching(
        /^org\.apache\.kafka\.connect\.errors\.DataException: not a number\n(\tat .*\n)+Caused by: SyntaxError: x\n(\tat .*\n)+$/,
      ),
    });
  });

  it('names the Kafka partition only where the task chose one', async () => {
    expect(headersOf(await deadLetter(source))).not.toHaveProperty('__connect.errors.partition');
    expect(headersOf(await deadLetter({ ...source, kafkaPartition: 2 }))).toMatchObject({
      '__connect.errors.partition': '2',
    });
  });

  it('keeps a tombstone and a missing key as null', async () => {
    const { topic, sourcePartition, sourceOffset } = source;
    const letter = await deadLetter({ topic, sourcePartition, sourceOffset });
    expect([letter.key, letter.value, letter.timestamp]).toEqual([null, null, null]);
  });

  it('shows as text a value that does not fit its own schema', async () => {
    const letter = await deadLetter({ ...source, valueSchema: int32Schema, value: 'seven' });
    expect(text(letter.value)).toBe('seven');
  });
});
