import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { compressionTypes, type KafkaRecord, type ProduceRecord } from '../../../lib/kafka/ports.ts';
import { KafkaProbe } from '../../../lib/testing/kafka/kafka-probe.ts';
import { groupOffsetReader } from '../../integration/kafka/group-offset-reader.ts';
import { kafkaClassPath, startKafka, type RealKafka } from '../servers/kafka.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

const missing = await javaUnavailable();

const hex = (bytes: Uint8Array | null): string =>
  bytes === null ? '-' : `:${Buffer.from(bytes).toString('hex')}`;
/** As JavaRecords.java writes and reads them. */
const lineOf = ({
  timestamp,
  key,
  value,
  headers,
}: Pick<KafkaRecord, 'timestamp' | 'key' | 'value' | 'headers'>) =>
  [
    timestamp,
    hex(key),
    hex(value),
    ...headers.map((header) => `${hex(Buffer.from(header.key))}=${hex(header.value)}`),
  ].join(' ');

/** A broker refuses times that are more than an hour ahead, else. */
const anyTimestamp = { 'message.timestamp.after.max.ms': '9223372036854775807' };

type Content = Pick<KafkaRecord, 'timestamp' | 'key' | 'value' | 'headers'>;

/** Nulls, empty bytes, timestamps that go back, headers that repeat, and text enough for every codec to find matches. */
const contents: readonly Content[] = [
  { timestamp: 1_700_000_000_000, key: null, value: null, headers: [] },
  { timestamp: 1_699_999_000_000, key: Buffer.alloc(0), value: Buffer.alloc(0), headers: [] },
  {
    timestamp: 0,
    key: Buffer.from('schlüssel'),
    value: Buffer.from([0, 255, 128]),
    headers: [
      { key: 'b', value: Buffer.from('1') },
      { key: 'a', value: null },
      { key: 'b', value: Buffer.alloc(0) },
      { key: 'größe', value: Buffer.from('ł') },
    ],
  },
  ...Array.from({ length: 500 }, (_, index) => ({
    timestamp: 1_700_000_000_000 + ((index * 7_919) % 1_009),
    key: Buffer.from(String(index % 17)),
    value: Buffer.from(
      `{"id":${index},"name":"name ${(index * 31) % 97}","note":"${'again '.repeat(index % 40)}"}`,
    ),
    headers: [{ key: 'n', value: Buffer.from(String(index)) }],
  })),
  {
    timestamp: 4_102_444_800_000,
    key: null,
    value: Buffer.from(Array.from({ length: 100_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 255)),
    headers: [],
  },
];

describe.skipIf(missing !== undefined)(
  `the record batch codec beside the Java client${missing ? `: ${missing}` : ''}`,
  () => {
    let broker: RealKafka;
    let probe: KafkaProbe;
    let classPath: string;

    beforeAll(async () => {
      classPath = await kafkaClassPath();
      broker = await startKafka();
      probe = new KafkaProbe({
        connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'codec' }),
        clock: systemClock,
        groupOffset: groupOffsetReader(broker.bootstrapServers),
        close: () => broker.close(),
      });
    });
    afterAll(() => probe.close());

    const java = async (args: readonly string[], input = ''): Promise<string[]> => {
      const program = join(import.meta.dirname, 'JavaRecords.java');
      const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
      const child = spawn('java', [quiet, '-cp', classPath, program, ...args]);
      const output = Promise.all([text(child.stdout), text(child.stderr)]);
      child.stdin.end(input);
      const [code] = (await once(child, 'exit')) as [number];
      const [stdout, stderr] = await output;
      if (code !== 0) throw new Error(`java ended with code ${code}: ${stderr}`);
      return stdout.split('\n').filter((line) => line !== '');
    };

    it.each(compressionTypes)('reads what it writes: %s', async (compression) => {
      const topic = await probe.newTopic(1, anyTimestamp);
      const lines = contents.map(lineOf);
      await java(['write', broker.bootstrapServers, topic, compression], lines.join('\n'));
      const [read = []] = await probe.readAll(topic);
      expect(read.map(lineOf)).toEqual(lines);
    });

    it.each(compressionTypes)('writes what it reads: %s', async (compression) => {
      const topic = await probe.newTopic(1, anyTimestamp);
      const producer = probe.client.producer({ compression });
      const records = contents.map((content): ProduceRecord => ({ topic, partition: 0, ...content }));
      for (const { error } of (await producer.send(records, probe.call())).values())
        expect(error).toBeUndefined();
      await producer.close();
      const lines = await java(['read', broker.bootstrapServers, topic, String(contents.length)]);
      expect(lines).toEqual(contents.map(lineOf));
    });
  },
);
