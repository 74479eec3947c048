import { describe, expect, it } from 'vitest';
import { paintFor } from '../../../lib/cli/paint.ts';
import { previewText } from '../../../lib/cli/preview-text.ts';
import type { Preview } from '../../../lib/preview/preview.ts';
import type { RecordPreview } from '../../../lib/preview/record-preview.ts';

const plain = paintFor({ out: { write: () => true }, environment: {} });
const passed: RecordPreview = {
  origin: { partition: { table: 'orders' }, offset: { id: 1 } },
  outcome: 'passed',
  changes: [
    {
      mark: '~',
      path: 'topic',
      before: { value: 'a', type: 'STRING' },
      after: { value: 'b', type: 'STRING' },
    },
    { mark: '=', path: 'value.id', before: { value: 1, type: 'INT64' }, after: { value: 1, type: 'INT64' } },
    { mark: '~', path: 'value.n', before: { value: 1, type: 'INT64' }, after: { value: 1, type: 'INT32' } },
    { mark: '-', path: 'value.old', before: { value: 'x\u001b[2J', type: 'STRING' } },
    { mark: '+', path: 'value.raw', after: { value: new Uint8Array([0, 255]), type: 'BYTES' } },
  ],
  steps: [
    { alias: 'route', class: 'R', outcome: 'applied', changes: [] },
    { alias: 'skip', class: 'S', outcome: 'not applied', changes: [] },
  ],
  kafka: { key: null, value: 'y'.repeat(200), headers: [{ key: 'h', value: 'v' }] },
};
const base: Preview = {
  connector: 'orders',
  class: 'C',
  type: 'source',
  task: 0,
  tasks: 2,
  committedOffsets: 0,
  end: 'ENOUGH',
  records: [passed],
};
const textOf = (preview: Partial<Preview>, steps = false): string =>
  previewText({ ...base, ...preview }, { paint: plain, steps, seconds: 10 });

describe('the text of a preview', () => {
  it('marks what changed, tells types where values look alike, and keeps control characters off the terminal', () => {
    expect(textOf({}, true)).toBe(`orders (source, C), task 0 of 2, from the beginning

#1 {"table":"orders"} at {"id":1}
  ~ topic      "a" → "b"
    value.id   1
  ~ value.n    1 INT64 → 1 INT32
  - value.old  "x\\u001b[2J"
  + value.raw  bytes 00ff
    in Kafka   key null
               value ${'y'.repeat(160)}… (200 characters)
               header h v
    route (R): changed nothing
    skip (S): not applied, says its predicate

1 record(s): 1 passed. Nothing was written: no record, no topic, no offset.
`);
  });

  it('says why a record does not come through', () => {
    const dropped = { ...passed, outcome: 'dropped', droppedBy: { alias: 'f', class: 'F' } } as const;
    const failure = {
      stage: 'TRANSFORMATION',
      class: 'T',
      exception: 'E',
      message: 'm',
      trace: 'E: m\nWhat to do: that',
      attempts: 1,
    } as const;
    const failed = { ...passed, outcome: 'failed', failure: { ...failure, tolerated: false } } as const;
    const skipped = { ...passed, outcome: 'failed', failure: { ...failure, tolerated: true } } as const;
    const text = textOf({ records: [dropped, failed, skipped], end: 'CAUGHT_UP' });
    expect(text).toContain('  dropped by f (F)\n');
    expect(text).toContain('  FAILS the task: it failed in TRANSFORMATION (T)\n  E: m\n  What to do: that\n');
    expect(text).toContain('  skipped by errors.tolerance=all: it failed in TRANSFORMATION (T)\n');
    expect(text).toContain('3 record(s): 0 passed, 1 dropped, 2 failed. There are no more now. Nothing');
  });

  it.each<[Partial<Preview>, string]>([
    [{ end: 'TIME_LIMIT' }, 'No record came within 10 s; --timeout waits longer.'],
    [{ end: 'STOPPED' }, 'Stopped before a record came.'],
    [{ end: 'CAUGHT_UP' }, 'the source has no records from there on'],
    [{ end: 'CAUGHT_UP', type: 'sink' }, 'the topics hold no records from there on'],
    [{ end: 'CAUGHT_UP', type: 'sink', tasks: 0 }, 'The topics do not exist yet'],
    [{ end: 'CAUGHT_UP', tasks: 0 }, 'it is split into no tasks'],
  ])('says why there is nothing to show: %o', (preview, expected) => {
    expect(textOf({ ...preview, records: [] })).toContain(expected);
  });
});

describe('colours', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1' }, false],
    [false, {}, false],
  ])('on a terminal %s with %o: %s', (isTTY, environment, expected) => {
    const paint = paintFor({ out: { isTTY, write: () => true }, environment });
    expect(paint('red', 'x')).toBe(expected ? '\u001b[31mx\u001b[0m' : 'x');
  });
});
