import { describe, expect, it } from 'vitest';
import { sourceOf } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

const cluster = (started = () => undefined as void) =>
  new WorkerUnderTest([
    sourceOf(() => {
      started();
      return { poll: () => [] };
    }),
  ]);
const warnings = ({ log }: WorkerUnderTest) =>
  log.filter(({ level }) => level === 'warn').map(({ message, keys }) => ({ message, keys }));

describe('a run of a connector with client overrides', () => {
  it('says once which of them have no effect, and goes on', async () => {
    let runs = 0;
    const under = cluster(() => void runs++);
    await under.create('c', 'test.Source', {
      'producer.override.linger.ms': '5',
      'producer.override.acks': '1',
      'producer.override.buffer.memory': '1',
    });
    await under.minutes(20);
    expect(runs).toBeGreaterThan(1);
    expect(warnings(under)).toEqual([
      {
        message: expect.stringMatching(/^client overrides without effect: producer\.override\.linger\.ms \(/),
        keys: ['producer.override.linger.ms', 'producer.override.buffer.memory'],
      },
    ]);
  });

  it('says nothing where all of them have', async () => {
    const under = cluster();
    await under.create('c', 'test.Source', { 'producer.override.acks': '1' });
    await under.minutes(1);
    expect(warnings(under)).toEqual([]);
  });
});
