import type { RowMapping } from '../core/sql/row-reader.ts';
import { BulkSource } from '../core/sql/bulk-source.ts';
import { KeysetRows } from '../core/sql/keyset-source.ts';
import type { NumericMapping } from '../core/sql/numeric-mapping.ts';
import type { TablePosition } from '../core/sql/offset-codec.ts';
import { fromClause, type Relation } from '../core/sql/relation.ts';
import type { RowSource, ToRecord } from '../core/sql/row-source.ts';
import { quoteIdentifier } from '../core/sql/table-id.ts';
import { timeZone, utc } from '../core/sql/time/time-zone.ts';
import type { TimestampGranularity } from '../core/sql/time/timestamp-granularity.ts';
import { keyRequest } from './check.ts';
import type { JdbcSourceConfig } from './config.ts';
import { partitionOf } from './partition.ts';

/** What reads one table or query, as the mode wants it. */
export function rowSource(config: JdbcSourceConfig, relation: Relation, position: TablePosition): RowSource {
  const zone = timeZone(config['db.timezone']) ?? utc;
  const quote = /^never$/i.test(config['quote.sql.identifiers']) ? String : quoteIdentifier;
  const suffix = config['query.suffix'];
  const mapping: RowMapping = {
    zone,
    allOptional: 'query' in relation,
    numericMapping: (config['numeric.mapping'] ?? 'none') as NumericMapping,
    granularity: config['timestamp.granularity'] as TimestampGranularity,
  };
  const common = {
    batchRows: config['batch.max.rows'],
    // As in the Java connector: the name of the table, and none for a query.
    schemaName: 'table' in relation ? relation.table.name : null,
    mapping,
    toRecord: recordMaker(config['topic.prefix'], relation),
  };
  const request = keyRequest(config);
  if (request === null)
    return new BulkSource({
      ...common,
      sql: `SELECT * FROM ${fromClause(relation, quote)} ${suffix}`.trim(),
    });
  return new KeysetRows({
    ...common,
    relation,
    request,
    suffix,
    quote,
    zone,
    position,
    initialMs: config['timestamp.initial'],
    delayMs: config['timestamp.delay.interval.ms'],
  });
}

function recordMaker(prefix: string, relation: Relation): ToRecord {
  const topic = 'table' in relation ? prefix + relation.table.name : prefix;
  const sourcePartition = partitionOf(relation);
  return (value, valueSchema, sourceOffset) => ({ topic, valueSchema, value, sourcePartition, sourceOffset });
}
