import { describe, expect, it } from 'vitest';
import { runConnector } from 'sluice/testing';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { SourcePlugin } from '../../../lib/api/connector.ts';
import { ConnectError, RetriableError } from '../../../lib/api/errors.ts';
import type { SourceTask } from '../../../lib/api/source.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { stringifyExact } from '../../../lib/foundation/json/stringify-exact.ts';
import { MemoryClient } from '../../../lib/kafka/memory/memory-client.ts';
import { MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import type { KafkaClient } from '../../../lib/kafka/ports.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { preview, type PreviewOptions } from '../../../lib/preview/preview.ts';
import { readOnlyKafka, readOnlyTable } from '../../../lib/preview/read-only.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Table } from '../../../lib/storage/table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { collectingSink, countingSource, rows } from '../worker/counting-plugins.ts';

const text = 'org.apache.kafka.connect.storage.StringConverter';
const forbidden = (): never => {
  throw new Error('a preview must not write');
};

/** Source with three records, which must not be confirmed. */
const emitting = (task: SourceTask): SourcePlugin => ({
  ...countingSource,
  configDef: new ConfigDef({
    'db.password': { type: 'PASSWORD', default: '', importance: 'HIGH', doc: 'Secret.' },
  }),
  connector: async () => {
    let config: ConnectorConfig = {};
    return {
      start: (given) => void (config = given),
      taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => config),
    };
  },
  task: async () => ({ commitRecord: forbidden, commit: forbidden, ...task }),
});
const record = (value: string) => ({
  sourcePartition: { p: 1 },
  sourceOffset: { n: value },
  topic: 'numbers',
  value,
});
const three = (): SourcePlugin => {
  let polls = 0;
  return emitting({ poll: () => (polls++ === 0 ? ['a', 'b', 'c'].map(record) : null) });
};

const previewOf = (options: Partial<PreviewOptions> & Pick<PreviewOptions, 'config'>) =>
  preview({
    name: 'under-test',
    plugins: [...bundledPlugins, ...(options.plugins ?? [])],
    providers: { secret: { get: async () => ({ pw: 'hunter2' }) } },
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
    ...options,
  });
const source = (plugin: SourcePlugin, options: Partial<PreviewOptions> = {}) =>
  previewOf({
    ...options,
    config: { 'connector.class': plugin.class, 'value.converter': text, ...options.config },
    plugins: [...bundledPlugins, plugin],
  });
const valuesOf = ({ records }: Awaited<ReturnType<typeof preview>>) =>
  records.map(({ before }) => before?.value);

/** Stands for the outside world: reads work, any write fails the test. */
const guardedKafka = (kafka: MemoryKafka): KafkaClient => {
  const client = new MemoryClient(kafka);
  client.createTopics = forbidden;
  client.commitGroupOffsets = forbidden;
  client.producer = forbidden;
  client.transactional = forbidden;
  return client;
};
const guardedTable = (table: Table): Table => ({
  ...table,
  put: forbidden,
  update: forbidden,
  delete: forbidden,
});

describe('the preview of a source', () => {
  it('shows each record before and after, what would be sent, and confirms none', async () => {
    const result = await source(three(), {
      config: {
        transforms: 'h',
        'transforms.h.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
        'transforms.h.field': 'line',
        'value.converter': 'JsonConverter',
        'value.converter.schemas.enable': 'false',
      },
    });
    expect(result).toMatchObject({
      type: 'source',
      end: 'CAUGHT_UP',
      task: 0,
      tasks: 1,
      committedOffsets: 0,
    });
    expect(valuesOf(result)).toEqual(['a', 'b', 'c']);
    expect(result.records[0]).toMatchObject({
      origin: { partition: { p: 1 }, offset: { n: 'a' } },
      outcome: 'passed',
      before: { topic: 'numbers', value: 'a' },
      after: { topic: 'numbers', value: { line: 'a' } },
      kafka: { key: null, value: '{"line":"a"}', headers: [] },
      steps: [
        {
          alias: 'h',
          outcome: 'applied',
          changes: [
            { mark: '-', path: 'value' },
            { mark: '+', path: 'value.line' },
          ],
        },
      ],
    });
  });

  it('ends after as many records as asked for, in the middle of a batch', async () => {
    const result = await source(three(), { records: 2 });
    expect(valuesOf(result)).toEqual(['a', 'b']);
    expect(result.end).toBe('ENOUGH');
  });

  it('goes on from the committed offsets, and leaves the table alone', async () => {
    const config = { 'connector.class': countingSource.class, 'tasks.max': '2', 'value.converter': text };
    await using run = await runConnector({ config, plugins: [countingSource] });
    const table = guardedTable(run.cluster.table);
    const goneOn = await source(countingSource, { config, table });
    expect(goneOn).toMatchObject({ records: [], end: 'CAUGHT_UP', committedOffsets: 2 });
    const anew = await source(countingSource, { records: 100, task: 1, config: { 'tasks.max': '2' } });
    expect(valuesOf(anew)).toEqual(Array.from({ length: rows }, (_, n) => `b${n}`));
  });

  it('shows which transformation drops a record and where another fails, and goes on behind it', async () => {
    const result = await source(three(), {
      config: {
        transforms: 'drop,cast',
        predicates: 'a',
        'predicates.a.type': 'HasHeaderKey',
        'predicates.a.name': 'x',
        'transforms.drop.type': 'Filter',
        'transforms.drop.predicate': 'a',
        'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
        'transforms.cast.spec': 'int32',
      },
    });
    expect(result.records).toMatchObject([
      {
        outcome: 'failed',
        failure: {
          stage: 'TRANSFORMATION',
          class: 'org.apache.kafka.connect.transforms.Cast$Value',
          tolerated: false,
        },
        steps: [{ alias: 'drop', outcome: 'not applied' }],
        changes: [
          { mark: '=', path: 'topic' },
          { mark: '=', path: 'key' },
          { mark: '=', path: 'value' },
          { mark: '=', path: 'timestamp' },
        ],
      },
      { outcome: 'failed' },
      { outcome: 'failed' },
    ]);
    const dropped = await source(three(), { config: { transforms: 'd', 'transforms.d.type': 'Filter' } });
    expect(dropped.records[0]).toMatchObject({ outcome: 'dropped', droppedBy: { alias: 'd' } });
    expect(dropped.records[0]).not.toHaveProperty('after');
  });

  it('does not wait for retries of a transformation', async () => {
    const flaky = {
      kind: 'transformation' as const,
      class: 'test.Flaky',
      version: '1',
      configDef: new ConfigDef({}),
      create: () => ({
        apply: () => {
          throw new RetriableError('not yet');
        },
      }),
    };
    const result = await previewOf({
      config: {
        'connector.class': countingSource.class,
        transforms: 'f',
        'transforms.f.type': 'test.Flaky',
        'errors.retry.timeout': '-1',
      },
      plugins: [...bundledPlugins, three(), flaky],
    });
    expect(result.records[0]?.failure).toMatchObject({ message: 'not yet', attempts: 1 });
  });

  it.each<[string, SourceTask]>([
    ['answers nothing', { poll: () => null }],
    ['hangs, whatever its signal says', { poll: () => new Promise(() => undefined) }],
    ['waits for its signal', { poll: ({ clock, signal }) => clock.sleep(1e9, signal).then(() => null) }],
  ])('ends in time when a source that runs continuously %s', async (_what, task) => {
    const clock = new VirtualClock();
    let stops = 0;
    const plugin = emitting({ ...task, stop: () => void stops++ });
    const running = source(plugin, { clock, config: { 'lambda.mode': 'continuous' }, timeLimitMs: 5_000 });
    await clock.advance(5_000);
    expect(await running).toMatchObject({ records: [], end: 'TIME_LIMIT' });
    expect(stops).toBe(1);
  });

  it('says so when the task does not start in time', async () => {
    const clock = new VirtualClock();
    const plugin = emitting({ start: () => new Promise(() => undefined), poll: () => null });
    const running = source(plugin, { clock, timeLimitMs: 5_000 });
    const [refused] = await Promise.allSettled([running, clock.advance(5_000)]);
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: { message: 'The task did not start within 5 s' },
    });
  });

  it('ends with what it has when the user stops it', async () => {
    const stop = new AbortController();
    let polls = 0;
    const plugin = emitting({
      poll: () => {
        if (++polls === 2) stop.abort();
        return [record('a')];
      },
    });
    const result = await source(plugin, { signal: stop.signal });
    expect(result.end).toBe('STOPPED');
    expect(polls).toBe(2);
  });

  it('tries a poll again that failed with a RetriableError, and stops the task when it stays so', async () => {
    let polls = 0;
    let stops = 0;
    const down = emitting({
      poll: () => {
        polls++;
        throw new RetriableError('the database is down', { hint: 'Start it.' });
      },
      stop: () => void stops++,
    });
    await expect(source(down)).rejects.toMatchObject({ message: 'the database is down', hint: 'Start it.' });
    expect({ polls, stops }).toEqual({ polls: 3, stops: 1 });
  });

  it('refuses a task that there is not', async () => {
    await expect(source(three(), { task: 3, config: { 'tasks.max': '2' } })).rejects.toThrow(
      'has no task 3: it is split into 2',
    );
  });
});

describe('the preview of a sink', () => {
  const config = { 'connector.class': 'test.CollectingSink', topics: 'numbers', 'value.converter': text };
  const kafkaWith = (values: readonly string[]): MemoryKafka => {
    const kafka = new MemoryKafka();
    kafka.createTopic({ topic: 'numbers', partitions: 1 });
    const append = (value: string): void =>
      void kafka.append({
        topic: 'numbers',
        partition: 0,
        key: null,
        value: Buffer.from(value),
        timestamp: 5,
      });
    values.forEach(append);
    return kafka;
  };
  const sink = { ...collectingSink([]), task: forbidden, connector: async () => ({}) };
  const plugins = [...bundledPlugins, sink];

  it('shows what put would receive, without a task and without a write', async () => {
    const result = await previewOf({ config, plugins, kafka: guardedKafka(kafkaWith(['a', 'b'])) });
    expect(result).toMatchObject({ type: 'sink', end: 'CAUGHT_UP', tasks: 1 });
    expect(result.records).toMatchObject([
      {
        origin: { topic: 'numbers', partition: 0, offset: 0n },
        after: { topic: 'numbers', partition: 0, value: 'a', timestamp: 5 },
        kafka: { key: null, value: 'a' },
      },
      { after: { value: 'b' } },
    ]);
  });

  it('goes on behind what was committed', async () => {
    await using run = await runConnector({
      config,
      plugins: [collectingSink([])],
      topics: { numbers: [{ value: 'a' }, { value: 'b' }] },
    });
    const kafka = guardedKafka(kafkaWith(['a', 'b', 'c']));
    const table = guardedTable(run.cluster.table);
    expect(valuesOf(await previewOf({ config, plugins, kafka, table }))).toEqual(['c']);
  });

  it('sends no dead letter: the record is shown as failed, its bytes as text', async () => {
    const result = await previewOf({
      config: {
        ...config,
        'value.converter': 'JsonConverter',
        'errors.tolerance': 'all',
        'errors.deadletterqueue.topic.name': 'dead',
      },
      plugins,
      kafka: guardedKafka(kafkaWith(['not JSON'])),
    });
    expect(result.records).toMatchObject([
      {
        outcome: 'failed',
        changes: [],
        failure: { stage: 'VALUE_CONVERTER', tolerated: true },
        kafka: { value: 'not JSON' },
      },
    ]);
  });

  it('has nothing to show of topics that do not exist', async () => {
    const kafka = guardedKafka(new MemoryKafka());
    expect(await previewOf({ config, plugins, kafka })).toMatchObject({ records: [], tasks: 0 });
  });

  it('needs Kafka, and says how to name it', async () => {
    await expect(previewOf({ config, plugins })).rejects.toMatchObject({
      hint: expect.stringContaining('--bootstrap-server'),
    });
  });
});

describe('a preview', () => {
  it('shows no secret: not in records, nor in the bytes, nor in an error', async () => {
    const secretive = (task: SourceTask) =>
      source(emitting(task), { config: { 'db.password': '${secret:pw}' } });
    const shown = await secretive({
      poll: () => [
        { ...record('hunter2'), key: 'hunter2', headers: [{ key: 'h', schema: null, value: 'hunter2' }] },
      ],
    });
    expect(shown.records[0]?.before).toMatchObject({ key: '[hidden]', value: '[hidden]' });
    expect(stringifyExact(shown)).not.toContain('hunter2');
    const failing = secretive({
      start: ({ 'db.password': password }) => {
        throw new ConnectError(`login with ${password} refused`, { hint: `Is ${password} right?` });
      },
      poll: () => null,
    });
    await expect(failing).rejects.toMatchObject({
      message: 'login with [hidden] refused',
      hint: 'Is [hidden] right?',
    });
  });

  it('refuses an invalid config with all its errors', async () => {
    const refused = source(three(), { config: { 'tasks.max': '0', 'errors.tolerance': 'some' } });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(refused).rejects.toThrow(/tasks\.max[\s\S]*errors\.tolerance/);
  });

  it('stops whatever of it would write', () => {
    const kafka = readOnlyKafka(new MemoryClient(new MemoryKafka()));
    const table = readOnlyTable(memoryTable());
    const item = { pk: 'a', sk: 'b' };
    for (const write of [
      () => kafka.producer({}),
      () => kafka.createTopics([], { deadline: { remaining: () => 1, expired: false } }),
      () => table.put(item),
      () => table.update(item, {}),
      () => table.delete(item),
    ])
      expect(write).toThrow('a preview was about to');
  });
});
