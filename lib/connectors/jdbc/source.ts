import type { ConnectorConfig } from '../../api/config.ts';
import type { ConfigValue } from '../../api/config-def.ts';
import type { ConnectorContext } from '../../api/context.ts';
import { ConfigError, ConnectError, RetriableError, toConnectError } from '../../api/errors.ts';
import type { SourceOffset, SourcePartition } from '../../api/record.ts';
import type { SourceConnector } from '../../api/source.ts';
import { groupPartitions } from '../core/polling/group-partitions.ts';
import { chooseTables } from '../core/sql/choose-tables.ts';
import type { SqlConnection } from '../core/sql/connection.ts';
import { chooseKeys } from '../core/sql/key-choice.ts';
import { decodePosition } from '../core/sql/offset-codec.ts';
import { columnsOf, nameOf, type Relation } from '../core/sql/relation.ts';
import { quotedName, type TableId } from '../core/sql/table-id.ts';
import { checkTogether, keyRequest } from './check.ts';
import { connect, connectPatiently } from './client.ts';
import { jdbcSourceConfig, tablesKey, type JdbcSourceConfig } from './config.ts';

/** Splits by table: one task a table, or contiguous groups of them when `tasks.max` is smaller. A query is one task. */
export class JdbcSourceConnector implements SourceConnector {
  #config: ConnectorConfig = {};
  #parsed: JdbcSourceConfig | undefined;

  start(config: ConnectorConfig): void {
    this.#config = config;
    this.#parsed = jdbcSourceConfig.parse(config);
    checkTogether(this.#parsed);
  }

  async taskConfigs(maxTasks: number, context: ConnectorContext): Promise<ConnectorConfig[]> {
    const config = this.#parsed;
    if (config === undefined) throw new ConnectError('The connector was not started');
    if (config.query !== '') return [this.#config];
    const connection = await connectPatiently(config, context);
    try {
      const groups = groupPartitions(await tablesOf(connection, config), maxTasks);
      return groups.map((tables) => ({
        ...this.#config,
        [tablesKey]: tables.map((table) => quotedName(table)).join(','),
      }));
    } finally {
      await connection.close();
    }
  }

  /** Tells before the first run what the database alone can tell: the login, the tables, their key columns. */
  async validate(
    config: ConnectorConfig,
    values: ConfigValue[],
    context: ConnectorContext,
  ): Promise<ConfigValue[]> {
    if (values.some((value) => value.errors.length > 0)) return values;
    try {
      const parsed = jdbcSourceConfig.parse(config);
      checkTogether(parsed);
      await probe(parsed, context);
      return values;
    } catch (thrown) {
      const error = toConnectError(thrown);
      // A validation may run where the database cannot be reached from; the task says so if it cannot either.
      if (error instanceof RetriableError) return values;
      const blamed =
        Object.keys(jdbcSourceConfig.keys).find((key) => error.message.includes(key)) ?? blame(error);
      const text = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
      return values.map((value) =>
        value.name === blamed ? { ...value, errors: [...value.errors, text] } : value,
      );
    }
  }

  /**
   * Where every row has a position of its own. Rows that share a timestamp share the position before it until the last
   * of them, so that what a filter drops there comes again; bulk mode has no positions.
   */
  exactlyOnceSupport(config: ConnectorConfig): 'SUPPORTED' | 'UNSUPPORTED' {
    return config['mode']?.includes('incrementing') ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  alterOffsets(
    _config: ConnectorConfig,
    offsets: ReadonlyMap<SourcePartition, SourceOffset | null>,
  ): boolean {
    for (const [partition, offset] of offsets) {
      if (offset === null) continue;
      if (typeof partition['table'] !== 'string' && typeof partition['query'] !== 'string') {
        throw new ConnectError(
          'The partition of an offset must look like {"protocol": "1", "table": "database.schema.table"} or {"query": "query"}',
          { code: 'BAD_REQUEST' },
        );
      }
      decodePosition(offset);
    }
    return true;
  }
}

async function tablesOf(connection: SqlConnection, config: JdbcSourceConfig): Promise<TableId[]> {
  const tables = await connection.tables({
    types: config['table.types'],
    schemaPattern: config['schema.pattern'],
    catalogPattern: config['catalog.pattern'],
  });
  return chooseTables(tables, {
    whitelist: config['table.whitelist'],
    blacklist: config['table.blacklist'],
    include: config['table.include.list'],
    exclude: config['table.exclude.list'],
  });
}

async function probe(config: JdbcSourceConfig, context: ConnectorContext): Promise<void> {
  const connection = await connect(config, context);
  try {
    const request = keyRequest(config);
    const relations: Relation[] =
      config.query === ''
        ? (await tablesOf(connection, config)).map((table) => ({ table }))
        : [{ query: config.query }];
    for (const relation of relations) {
      const columns = await columnsOf(connection, relation);
      if (request !== null) chooseKeys(nameOf(relation), columns, request);
    }
  } finally {
    await connection.close();
  }
}

function blame(error: ConnectError): string {
  if (/login/.test(error.message)) return 'connection.user';
  if (/incrementing column|counts up/i.test(error.message)) return 'incrementing.column.name';
  if (/timestamp column/i.test(error.message)) return 'timestamp.column.name';
  if (error.message.startsWith('No table')) return 'table.whitelist';
  return error instanceof ConfigError || error.code === 'CONNECT' ? 'connection.url' : 'query';
}
