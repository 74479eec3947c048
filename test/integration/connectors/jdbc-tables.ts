import type { Struct } from '../../../lib/api/data/struct.ts';
import { javaString } from '../../../lib/api/data/java-string.ts';
import type { SourceRecord } from '../../../lib/api/record.ts';
import type { SourceUnderTest } from '../../../lib/testing/source-connector-suite.ts';
import type { TestDatabase } from './postgres-database.ts';

export const row = (record: SourceRecord): Struct => record.value as Struct;
export const idOf = (record: SourceRecord): string => javaString(row(record).get('id'), null);
export const ids = (records: readonly SourceRecord[]): number[] =>
  records.map((record) => Number(idOf(record)));

export const configFor = (database: TestDatabase, more: Record<string, string>): Record<string, string> => ({
  'connection.url': database.url,
  'topic.prefix': 'pg-',
  'poll.interval.ms': '10',
  'connection.backoff.ms': '10',
  ...more,
});

export const timestamps = { mode: 'timestamp', 'timestamp.column.name': 'changed' };
export const both = {
  mode: 'timestamp+incrementing',
  'timestamp.column.name': 'changed',
  'incrementing.column.name': 'id',
};
export const counting = { mode: 'incrementing', 'incrementing.column.name': 'id' };

/** A table whose rows share their timestamps in groups of `tied`. */
export async function tiedTable(
  database: TestDatabase,
  mode: Record<string, string>,
  tied: number,
): Promise<SourceUnderTest> {
  await database.run('CREATE TABLE t (id serial PRIMARY KEY, changed timestamptz(6) NOT NULL, name text)');
  let written = 0;
  return {
    config: configFor(database, { ...mode, 'table.whitelist': 't', 'batch.max.rows': '5' }),
    writeToSystem: async (count) => {
      const found: string[] = [];
      for (let i = 0; i < count; i++) {
        const group = Math.floor(written++ / tied);
        const [inserted] = await database.run(
          "INSERT INTO t (changed, name) VALUES (timestamptz '2024-01-01 00:00:00.000001+00' + $1 * interval '1 microsecond', 'x') RETURNING id",
          [group],
        );
        found.push(String(inserted?.[0]));
      }
      // The next write begins a group of its own, as time goes on.
      written = Math.ceil(written / tied) * tied;
      return found;
    },
  };
}
