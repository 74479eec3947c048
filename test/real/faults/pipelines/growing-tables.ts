import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readValues } from '../../spine/read-topic.ts';
import { compare } from '../comparison.ts';
import type { Pipeline, PipelineSite } from './pipeline.ts';

const tables = ['a', 'b'];
const rowsAtOnce = 40;

/** Tables of SQLite that grow, each a task, to topics, exactly once. */
export async function growingTables({ folder, kafka }: PipelineSite): Promise<Pipeline> {
  const path = join(folder, 'rows.db');
  const db = new DatabaseSync(path);
  // A reader that is frozen or killed must not hold up the writer.
  db.exec('PRAGMA journal_mode = WAL');
  for (const table of tables) db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, source TEXT NOT NULL)`);
  const inserts = tables.map((table) =>
    db.prepare(`INSERT INTO ${table} (id, source) VALUES (?, '${table}')`),
  );
  let generated = 0;
  return {
    workerConfig: {
      'group.id': 'faults',
      'exactly.once.source.support': 'enabled',
      'offset.storage.partitions': '3',
      'offset.storage.replication.factor': '1',
    },
    config: (variant) => ({
      'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
      'connection.url': `jdbc:sqlite:${path}`,
      mode: 'incrementing',
      'incrementing.column.name': 'id',
      'topic.prefix': 'rows-',
      'tasks.max': String(tables.length),
      'batch.max.rows': String(50 + variant),
      'poll.interval.ms': '100',
      'exactly.once.support': 'required',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'false',
    }),
    grow: async () => {
      db.exec('BEGIN');
      for (let n = 1; n <= rowsAtOnce; n++) for (const insert of inserts) insert.run(generated + n);
      db.exec('COMMIT');
      generated += rowsAtOnce;
    },
    check: () =>
      Promise.all(
        tables.map(async (table) => {
          const found = await readValues(kafka, `rows-${table}`, ({ value }) => numberOf(value, table));
          const comparison = compare(found, generated);
          const wrong = comparison.duplicated === 0 ? '' : `${comparison.duplicated} more than once`;
          return { ...comparison, partition: `table ${table}`, wrong };
        }),
      ),
    close: async () => db.close(),
  };
}

function numberOf(value: Uint8Array | null, table: string): number {
  const row = JSON.parse(Buffer.from(value ?? []).toString()) as { id: number; source: string };
  return row.source === table ? row.id : Number.NaN;
}
