import { describe, expect, it } from 'vitest';
import { DataError } from '../../../lib/api/errors.ts';
import type { FailedRecord } from '../../../lib/errors/failed-record.ts';
import { logReporter } from '../../../lib/errors/log-reporter.ts';
import { skipTally } from '../../../lib/errors/skip-tally.ts';
import { createLogger, type LogLine } from '../../../lib/foundation/logger.ts';

const bytes = new TextEncoder().encode('secret contents');
const failed = (more: Partial<FailedRecord>): FailedRecord => ({
  stage: 'VALUE_CONVERTER',
  executingClass: 'JsonConverter',
  error: new DataError('bad'),
  attempts: 1,
  ...more,
});
const consumed = {
  topic: 't',
  partition: 1,
  record: {
    offset: 5n,
    timestamp: 12,
    timestampType: 'CreateTime',
    key: bytes,
    value: bytes,
    headers: [],
  },
} as const;
const source = {
  topic: 't',
  sourcePartition: { table: 'a' },
  sourceOffset: { id: 1 },
  value: 'secret contents',
};

function linesOf(report: (log: ReturnType<typeof createLogger>) => Promise<void>): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  return report(createLogger((line) => void lines.push(line))).then(() => lines);
}
const logged = async (includeMessages: boolean, record: FailedRecord) => {
  const lines = await linesOf((log) =>
    logReporter({ log, connector: 'c', task: 0, includeMessages }).report(record),
  );
  return lines.map(({ message }) => message);
};

describe('the log of failed records', () => {
  it.each<[string, boolean, FailedRecord, string]>([
    ['without place', false, failed({ consumed }), ''],
    [
      'with the place of a consumed record',
      true,
      failed({ consumed }),
      ", where consumed record is {topic='t', partition=1, offset=5, timestamp=12, timestampType=CreateTime}",
    ],
    [
      'with the place of a record without a timestamp',
      true,
      failed({ consumed: { ...consumed, record: { ...consumed.record, timestampType: 'NoTimestampType' } } }),
      ", where consumed record is {topic='t', partition=1, offset=5}",
    ],
    [
      'with the place of a source record',
      true,
      failed({ source }),
      `, where source record is {topic='t', sourcePartition={"table":"a"}, sourceOffset={"id":1}}`,
    ],
  ])('is in the words of Kafka Connect, %s', async (_, includeMessages, record, place) => {
    expect(await logged(includeMessages, record)).toEqual([
      `Error encountered in task c-0. Executing stage 'VALUE_CONVERTER' with class 'JsonConverter'${place}.`,
    ]);
  });

  it('never holds what is in a record (Invariant 8)', async () => {
    for (const record of [failed({ consumed }), failed({ source })]) {
      const lines = await linesOf((log) =>
        logReporter({ log, connector: 'c', task: 0, includeMessages: true }).report(record),
      );
      expect(JSON.stringify(lines)).not.toContain('secret contents');
    }
  });

  it('tells of records skipped without any report at the first, the tenth, the hundredth', async () => {
    const lines = await linesOf(async (log) => {
      const tally = skipTally(log);
      for (let i = 0; i < 250; i++) await tally.report(failed({ consumed }));
    });
    expect(lines.map(({ skipped }) => skipped)).toEqual([1, 10, 100]);
  });
});
