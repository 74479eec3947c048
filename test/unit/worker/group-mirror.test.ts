import { describe, expect, it } from 'vitest';
import { errorOf } from '../../../lib/kafka/error-codes.ts';
import { sinkOf } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

const coordinatorNotAvailable = 15;

async function sink(config: Record<string, string>): Promise<WorkerUnderTest> {
  const under = new WorkerUnderTest([sinkOf(() => ({ put: () => undefined }))]);
  under.kafka.createTopic({ topic: 't', partitions: 1 });
  under.produce('t', ['a', 'b']);
  await under.create('c', 'test.Sink', { topics: 't', ...config });
  return under;
}
const stored = async (under: WorkerUnderTest) =>
  (await under.state.offsetPages.list('c')).map(({ offset }) => offset?.['kafka_offset']);

describe('the consumer group of a sink', () => {
  it('is left alone by default', async () => {
    const under = await sink({});
    await under.minutes(1);
    expect([...under.kafka.groupOffsets.keys()]).toEqual([]);
  });

  it.each([
    [{}, 'connect-c'],
    [{ 'consumer.override.group.id': 'mine' }, 'mine'],
  ])('shows what is committed, with %j as group %s', async (config, group) => {
    const under = await sink({ 'lambda.group.offsets': 'true', ...config });
    await under.minutes(1);
    expect(under.kafka.groupOffsets.get(group)).toEqual(new Map([['t-0', 2n]]));
  });

  it('that cannot be written to does not hold up the sink', async () => {
    const under = await sink({ 'lambda.group.offsets': 'true' });
    under.intercept = (operation) => {
      if (operation === 'commitGroupOffsets') throw errorOf(coordinatorNotAvailable);
    };
    await under.minutes(1);
    expect(await stored(under)).toEqual([2]);
    expect(under.log).toContainEqual(expect.objectContaining({ level: 'warn', group: 'connect-c' }));
  });
});
