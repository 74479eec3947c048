import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../lib/cli/progress.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import type { ConnectorStatus } from '../../../lib/coordinator/status.ts';

const status = (records: number, run?: number): ConnectorStatus => ({
  name: 'orders',
  type: 'source',
  state: 'RUNNING',
  workerId: 'f',
  tasks: [
    {
      id: 0,
      state: 'RUNNING',
      workerId: 'f',
      records,
      bytes: 0,
      lag: -1,
      outOfRange: 0,
      batchDivisor: 1,
      ...(run === undefined ? {} : { run }),
    },
  ],
});

describe('progress', () => {
  it('writes a plain line a change where there is no terminal', async () => {
    let out = '';
    const clock = new VirtualClock();
    const progress = createProgress({ write: (text) => void (out += text) }, clock);
    progress.update([status(0, 3)]);
    progress.update([status(0, 3)]);
    await clock.advance(2_000);
    progress.update([status(500, 3)]);
    expect(out.split('\n')).toEqual([
      'orders: RUNNING, 1 of 1 tasks at work, 0 records, 0/s',
      'orders: RUNNING, 1 of 1 tasks at work, 500 records, 250/s',
      '',
    ]);
  });

  it('repaints one table on a terminal, a row a task', () => {
    const out: string[] = [];
    const progress = createProgress(
      { isTTY: true, write: (text) => void out.push(text) },
      new VirtualClock(),
    );
    progress.update([status(0)]);
    progress.update([status(7, 12)]);
    expect(out[0]).toMatch(
      /^\u001b\[2KCONNECTOR.*\n\u001b\[2Korders +source +RUNNING +0 +RUNNING +- +0 +0 +-\n$/,
    );
    expect(out[1]).toMatch(/^\u001b\[2A\u001b\[J\u001b\[2KCONNECTOR.*\n.*12 +7 +0 +-\n$/);
  });
});
