import { ConfigDef, type ParsedConfig } from '../../api/config-def.ts';
import { atLeast, listOf, nonEmptyString, oneOf, validator } from '../../api/config-def/validators.ts';
import { numericMappings } from '../core/sql/numeric-mapping.ts';
import { timeZone } from '../core/sql/time/time-zone.ts';
import { timestampGranularities } from '../core/sql/time/timestamp-granularity.ts';

export const modes = ['bulk', 'timestamp', 'incrementing', 'timestamp+incrementing'] as const;
export type Mode = (typeof modes)[number];

const database = {
  'connection.url': {
    type: 'STRING',
    importance: 'HIGH',
    group: 'Database',
    validator: nonEmptyString,
    doc: 'The database: jdbc:postgresql://host:5432/database, postgresql://… or jdbc:sqlite:/path/to/file.db. For PostgreSQL the driver parameters sslmode, sslrootcert, user, password, currentSchema, ApplicationName and connectTimeout are understood; without sslmode TLS is used where the server offers it.',
  },
  'connection.user': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    group: 'Database',
    doc: 'User to log in as.',
  },
  'connection.password': {
    type: 'PASSWORD',
    default: null,
    importance: 'HIGH',
    group: 'Database',
    doc: 'Password of the user. Give it as a placeholder, so that it is not stored.',
  },
  'connection.attempts': {
    type: 'INT',
    default: 3,
    importance: 'LOW',
    group: 'Database',
    validator: atLeast(1),
    doc: 'Attempts to connect while a plan or a validation waits for an answer. A running task never gives up: a database that cannot be reached is an outage, and nothing is skipped.',
  },
  'connection.backoff.ms': {
    type: 'LONG',
    default: 10_000,
    importance: 'LOW',
    group: 'Database',
    validator: atLeast(0),
    doc: 'Milliseconds between two attempts to connect.',
  },
  'table.whitelist': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Database',
    validator: listOf(),
    doc: 'Tables to read, with or without their schema, case-sensitive. Excludes table.blacklist and the regular expressions.',
  },
  'table.blacklist': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Database',
    validator: listOf(),
    doc: 'Tables not to read, with or without their schema. Excludes table.whitelist.',
  },
  'table.include.list': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Database',
    validator: listOf(),
    doc: 'Java regular expressions; tables whose name, alone or qualified, matches one as a whole are read.',
  },
  'table.exclude.list': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Database',
    validator: listOf(),
    doc: 'Java regular expressions; tables whose name, alone or qualified, matches one as a whole are not read.',
  },
  'catalog.pattern': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    group: 'Database',
    doc: 'SQL LIKE pattern the name of the database must match.',
  },
  'schema.pattern': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    group: 'Database',
    doc: "SQL LIKE pattern the schema of a table must match; without it all schemas but the system's own.",
  },
  'numeric.mapping': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    group: 'Database',
    validator: oneOf(null, ...numericMappings),
    doc: 'What NUMERIC columns become: none (also without this key) keeps Decimal; precision_only makes integers of those without digits after the point; best_fit makes integers and doubles of those with at most 18 digits; best_fit_eager_double makes doubles of all with digits after the point.',
  },
  'dialect.name': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    group: 'Database',
    doc: 'PostgreSqlDatabaseDialect or SqliteDatabaseDialect; without it connection.url decides.',
  },
} as const;

const mode = {
  mode: {
    type: 'STRING',
    importance: 'HIGH',
    group: 'Mode',
    validator: oneOf(...modes),
    doc: 'How rows are found: bulk reads everything each time; incrementing finds new rows by a column that only grows; timestamp finds new and changed rows by a column that is set with each change; timestamp+incrementing uses both, which is the most exact.',
  },
  'incrementing.column.name': {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    group: 'Mode',
    doc: 'The column that only grows; empty takes the one the database counts up (identity, serial, rowid).',
  },
  'timestamp.column.name': {
    type: 'LIST',
    default: [],
    importance: 'MEDIUM',
    group: 'Mode',
    validator: listOf(),
    doc: 'The columns set with each change; of several the first that is not null counts.',
  },
  'timestamp.initial': {
    type: 'LONG',
    default: null,
    importance: 'LOW',
    group: 'Mode',
    validator: validator('null or at least -1', (value) =>
      value !== null && Number(value) < -1 ? 'Value must be at least -1' : null,
    ),
    doc: 'Where a table that was never read starts: rows after this many milliseconds since the epoch; -1 starts with the latest row; without it all rows are read.',
  },
  'validate.non.null': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    group: 'Mode',
    doc: 'Refuses tables whose key columns may be null, because rows where they are would never be read.',
  },
  query: {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    group: 'Mode',
    doc: 'A SELECT to read instead of tables; its rows go to the topic named topic.prefix. It is put in parentheses, so it may have conditions, joins and groups of its own.',
  },
  'query.suffix': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    group: 'Mode',
    doc: 'Text put at the end of each statement that reads rows, such as a limit.',
  },
  'quote.sql.identifiers': {
    type: 'STRING',
    default: 'ALWAYS',
    importance: 'MEDIUM',
    group: 'Mode',
    validator: validator('ALWAYS or NEVER', (value) =>
      /^(always|never)$/i.test(String(value)) ? null : 'Must be ALWAYS or NEVER',
    ),
    doc: 'Whether names of tables and columns are quoted in statements.',
  },
  'transaction.isolation.mode': {
    type: 'STRING',
    default: 'DEFAULT',
    importance: 'LOW',
    group: 'Mode',
    validator: oneOf('DEFAULT', 'READ_UNCOMMITTED', 'READ_COMMITTED', 'REPEATABLE_READ', 'SERIALIZABLE'),
    doc: 'Isolation level of the statements; DEFAULT leaves it to the database.',
  },
} as const;

const connector = {
  'table.types': {
    type: 'LIST',
    default: ['TABLE'],
    importance: 'LOW',
    group: 'Connector',
    doc: 'Kinds of table to look for: TABLE, PARTITIONED TABLE, VIEW, MATERIALIZED VIEW, FOREIGN TABLE.',
  },
  'poll.interval.ms': {
    type: 'INT',
    default: 5000,
    importance: 'HIGH',
    group: 'Connector',
    validator: atLeast(0),
    doc: 'Milliseconds between two passes over a table in continuous mode; while draining each table gets one pass a run.',
  },
  'batch.max.rows': {
    type: 'INT',
    default: 1000,
    importance: 'LOW',
    group: 'Connector',
    validator: atLeast(1),
    doc: 'Most rows one poll returns, and rows one statement asks for.',
  },
  'table.poll.interval.ms': {
    type: 'LONG',
    default: 60_000,
    importance: 'LOW',
    group: 'Connector',
    doc: 'Accepted for compatibility: tables are looked for whenever the coordinator plans the connector anew.',
  },
  'topic.prefix': {
    type: 'STRING',
    importance: 'HIGH',
    group: 'Connector',
    doc: "Put before the table's name to name its topic; with query the whole name of the topic.",
  },
  'timestamp.delay.interval.ms': {
    type: 'LONG',
    default: 0,
    importance: 'HIGH',
    group: 'Connector',
    validator: atLeast(0),
    doc: 'Rows are read only when their timestamp is this many milliseconds old, so that a transaction that commits late is not missed: at least the duration of the longest transaction.',
  },
  'db.timezone': {
    type: 'STRING',
    default: 'UTC',
    importance: 'MEDIUM',
    group: 'Connector',
    validator: validator('a time zone', (value) =>
      timeZone(String(value)) === undefined ? 'Unknown time zone' : null,
    ),
    doc: 'Zone of the wall-clock times in columns without a zone.',
  },
  'timestamp.granularity': {
    type: 'STRING',
    default: 'connect_logical',
    importance: 'LOW',
    group: 'Connector',
    validator: oneOf(...timestampGranularities),
    doc: "How timestamp columns appear: connect_logical is Connect's Timestamp in milliseconds; the others keep micro- or nanoseconds as integers, as strings of digits, or as ISO date-time in the zone of db.timezone.",
  },
} as const;

/** Keys, defaults and groups of the JDBC source users know. */
export const jdbcSourceConfig = new ConfigDef({ ...database, ...mode, ...connector });

export type JdbcSourceConfig = ParsedConfig<typeof jdbcSourceConfig.keys>;

/** What a plan adds to the config of each task: quoted table names, comma-separated. */
export const tablesKey = 'tables';
