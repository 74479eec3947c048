import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayTrace } from './replay-traces.ts';
import { readScenarios, type Scenario } from './trace-recording.ts';

const scenarios = readScenarios(join(import.meta.dirname, '..', 'vectors', 'traces.json.gz'));
const scenario = (id: string): Scenario => {
  const found = scenarios.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no scenario ${id}`);
  return found;
};
const withCalls = (from: Scenario, change: (call: string) => string | null): Scenario => ({
  ...from,
  calls: from.calls.flatMap(({ ms, call }) => {
    const changed = change(call);
    return changed === null ? [] : [{ ms, call: changed }];
  }),
});

describe('the replay of a trace notices', () => {
  it.each<[string, Scenario, RegExp]>([
    [
      'a call that is not made',
      withCalls(scenario('s-basic'), (call) => (call.startsWith('task.close') ? null : call)),
      /the calls differ/,
    ],
    [
      'other offsets handed to preCommit',
      withCalls(scenario('s-runtime'), (call) => call.replace('{tr-s-runtime-0=0}', '{tr-s-runtime-0=1}')),
      /the calls differ/,
    ],
    [
      'records put once more',
      withCalls(scenario('s-requestcommit'), (call) => call.replace('@2=c]', '@2=c, @3=d]')),
      /the calls differ/,
    ],
    [
      'a record told of otherwise',
      withCalls(scenario('p-smt-all'), (call) => call.replace('a metadata=null', 'a metadata=x-0@0')),
      /the calls differ/,
    ],
    [
      'another state at the end',
      {
        ...scenario('s-runtime'),
        finalStatus: { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'RUNNING' }] },
      },
      /task 0 should be RUNNING/,
    ],
    [
      'another offset at the end',
      {
        ...scenario('p-empty'),
        finalOffsets: { offsets: [{ partition: { s: 1 }, offset: { n: 3 } }] },
      },
      /offsets should be/,
    ],
  ])('%s', async (_, tampered, difference) => {
    expect(await replayTrace(tampered)).toMatch(difference);
  });
});
