import { expect, it } from 'vitest';
import { runConnector, sinkPipeline } from 'sluice/testing';
import counterFile from '../plugins/counter.json' with { type: 'json' };
import { counter } from '../plugins/counter.ts';
import orders from './orders.json' with { type: 'json' };

it('masks card numbers', async () => {
  const outcome = await sinkPipeline(orders.config).apply({
    topic: 'orders',
    key: '7',
    value: { id: 7, card: '4111 1111 1111 1111' },
  });
  expect(outcome).toMatchObject({ outcome: 'delivered', key: '7', value: { id: 7, card: '****' } });
});

it('leaves deleted orders out, and skips what is not JSON', async () => {
  const [deleted, broken] = await sinkPipeline(orders.config).run('orders', [
    { key: '7', value: null },
    { key: '8', value: 'not JSON' },
  ]);
  expect(deleted).toMatchObject({ outcome: 'dropped', by: { alias: 'dropDeleted' } });
  expect(broken).toMatchObject({
    outcome: 'failed',
    failure: { stage: 'VALUE_CONVERTER', tolerated: true },
  });
});

it('writes orders to the file, and what is not JSON to the dead-letter topic', async () => {
  await using run = await runConnector({
    config: { ...orders.config, file: '${files:orders.txt}' },
    topics: { orders: [{ value: { id: 1, card: '4111' } }, { value: 'not JSON' }] },
  });
  expect(await run.readFile('orders.txt')).toBe('{id=1, card=****}\n');
  expect(run.deadLetters).toMatchObject([{ value: 'not JSON' }]);
  expect(run.offsets).toEqual([
    { partition: { kafka_topic: 'orders', kafka_partition: 0 }, offset: { kafka_offset: 2 } },
  ]);

  await run.again({ topics: { orders: [{ value: { id: 2, card: '4222' } }] } });
  expect(await run.readFile('orders.txt')).toBe('{id=1, card=****}\n{id=2, card=****}\n');
});

it('a source of our own loses nothing when its process is killed, and later repeats nothing', async () => {
  await using run = await runConnector({
    config: { ...counterFile.config, 'tasks.max': '1' },
    plugins: [counter],
    faults: { kill: { atCall: 18 } },
  });
  const numbers = run.records('numbers').map(({ value }) => (value as { number: number }).number);
  // At least once: what was not committed before the kill comes again.
  expect(new Set(numbers)).toEqual(new Set([1, 2, 3, 4, 5]));

  await run.again();
  expect(run.newRecords('numbers')).toEqual([]);
});
