import { describe, expect, it } from 'vitest';
import { charted } from '../../../bench/kafka/chart.ts';
import { fits, paths } from '../../../bench/kafka/paths.ts';
import {
  debeziumConfig,
  jdbcConfig,
  notAmongThem,
  topicEnding,
} from '../../../bench/kafka/postgres-contenders.ts';
import { shapes } from '../../../bench/kafka/shapes.ts';
import { copyLine, tableColumns, tableOrder } from '../../../bench/kafka/table-orders.ts';
import { jdbcSourceConfig } from '../../../lib/connectors/jdbc/config.ts';

const turn = {
  topic: `bench-7${topicEnding}`,
  database: { host: '127.0.0.1', port: 5432, name: 'shop', user: 'reader', password: 'secret' },
};

describe('the paths of the bench against a real Kafka', () => {
  it('sends rows of a table on the path from PostgreSQL, and all other records on all other paths', () => {
    const taken = shapes.map((shape) => [
      shape.name,
      paths.filter((path) => fits(path, shape)).map(({ name }) => name),
    ]);
    const others = ['producer', 'consumer', 'source', 'transforms', 'sink'];
    expect(taken).toEqual([
      ['200 B', others],
      ['200 B, lz4', others],
      ['200 B log line', ['transforms']],
      ['1 KB', others],
      ['1 KB, lz4', others],
      ['257 B row', ['postgres']],
    ]);
  });

  it('has lines of a log of the size of small orders, in ASCII without anything that JSON escapes', () => {
    const line = shapes.find(({ name }) => name === '200 B log line');
    const order = shapes.find(({ name }) => name === '200 B');
    for (let i = 0; i < 2000; i++) {
      const text = line?.record(i) ?? '';
      expect(JSON.stringify(text)).toBe(`"${text}"`);
      expect(text).toMatch(/^[ -~]+$/);
      expect(Math.abs(text.length - Buffer.byteLength(order?.record(i) ?? ''))).toBeLessThan(10);
    }
  });

  it('puts us first everywhere: the others are compared with it', () => {
    expect(paths.map(({ contenders }) => contenders[0]?.name)).toEqual(paths.map(() => 'sluice'));
  });

  it('names Debezium as what it is, and says what it is not', () => {
    const path = paths.find(({ name }) => name === 'postgres');
    expect(path?.contenders.map(({ name }) => name)).toEqual(['sluice', 'debezium', 'debezium tuned']);
    expect(path?.note).toBe(notAmongThem);
    expect(notAmongThem).toContain('It is no JDBC source connector');
  });

  it('charts each path by its first shape, whether it has a shape of its own or is not there at all', () => {
    const group = (shape: string, path: string, records: number) => ({ shape, path, records, figures: [] });
    const files = [
      group('200 B', 'producer', 1),
      group('200 B', 'sink', 1),
      group('200 B', 'producer', 5),
      group('200 B, lz4', 'producer', 1),
      group('1 KB', 'sink', 1),
    ];
    const rows = [group('257 B row', 'postgres', 1), group('257 B row', 'postgres', 5)];
    expect(charted(files)).toEqual(files.slice(0, 3));
    expect(charted([...files, ...rows])).toEqual([...files.slice(0, 3), ...rows]);
  });
});

describe('the table the bench reads', () => {
  it('has six columns, those of its rows in their order', () => {
    expect(tableColumns.map((column) => column.split(' ')[0])).toEqual(Object.keys(tableOrder(0)));
    expect(tableColumns).toHaveLength(6);
  });

  it('has rows of 257 bytes on average, as JSON', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => Buffer.byteLength(JSON.stringify(tableOrder(i))));
    expect(Math.round(rows.reduce((sum, bytes) => sum + bytes, 0) / rows.length)).toBe(257);
  });

  it('gives COPY six cells a row, with nothing that had to be escaped', () => {
    for (let i = 0; i < 2000; i++) {
      expect(copyLine(tableOrder(i)).split('\t')).toHaveLength(6);
      expect(copyLine(tableOrder(i))).not.toMatch(/[\\\n\r]/);
    }
  });
});

describe('what the contenders on the table are told', () => {
  it('is the topic that is watched', () => {
    const [jdbc, debezium] = [jdbcConfig(turn), debeziumConfig(turn)];
    expect(`${jdbc['topic.prefix']}${jdbc['table.whitelist']}`).toBe(turn.topic);
    expect(`${debezium['topic.prefix']}.${debezium['table.include.list']}`).toBe(turn.topic);
  });

  it('is a config of the JDBC source as users write it', () => {
    expect(jdbcSourceConfig.parse(jdbcConfig(turn))).toMatchObject({
      'connection.url': 'jdbc:postgresql://127.0.0.1:5432/shop',
      mode: 'incrementing',
      'incrementing.column.name': 'id',
      'batch.max.rows': 1000,
    });
  });

  it('is one task with JSON without a schema for both, and for Debezium a snapshot alone, of flat rows without headers', () => {
    const shared = {
      'tasks.max': '1',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'false',
    };
    expect(jdbcConfig(turn)).toMatchObject(shared);
    expect(debeziumConfig(turn)).toMatchObject({
      ...shared,
      'snapshot.mode': 'initial_only',
      'extended.headers.enabled': 'false',
      'transforms.unwrap.type': 'io.debezium.transforms.ExtractNewRecordState',
    });
  });

  it('needs a database', () => {
    expect(() => jdbcConfig({ topic: turn.topic })).toThrow('the database of a table source is missing');
  });
});
