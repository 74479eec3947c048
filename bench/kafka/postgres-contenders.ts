import { defined } from '../../lib/foundation/assert.ts';
import { type Config, javaSource, oursAsSource } from './connect-launch.ts';
import type { Contender, Turn } from './contender.ts';
import { tunedProducer, withDebezium } from './java.ts';
import { type DatabaseAddress, ordersTable } from './orders-database.ts';

export const notAmongThem: string = [
  'Debezium takes a snapshot and writes keys too. It is no JDBC source connector: none could be fetched to run here.',
  'One with a tuned producer took 6.9 CPU s per million such records, at 223,000 a second, in an earlier measurement.',
].join('\n');

/** Debezium names a topic after its prefix, the schema and the table, with points between; so do all here. */
const [schema, point] = ['public', '.'];
export const topicEnding: string = `${point}${schema}${point}${ordersTable}`;

const json: Config = {
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
};
const without = (topic: string, ending: string): string => topic.slice(0, -ending.length);

/** What the configs are made of. */
type TableTurn = Pick<Turn, 'topic' | 'database'>;
const databaseOf = ({ database }: TableTurn): DatabaseAddress =>
  defined(database, 'the database of a table source');

export function jdbcConfig(turn: TableTurn): Config {
  const { host, port, name, user, password } = databaseOf(turn);
  return {
    ...json,
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'tasks.max': '1',
    'connection.url': `jdbc:postgresql://${host}:${port}/${name}`,
    'connection.user': user,
    'connection.password': password,
    mode: 'incrementing',
    'incrementing.column.name': 'id',
    'table.whitelist': ordersTable,
    'topic.prefix': without(turn.topic, ordersTable),
  };
}

/** A snapshot and no more, of flat rows with times in milliseconds: the same JSON as a JDBC source's. */
export function debeziumConfig(turn: TableTurn): Config {
  const { host, port, name, user, password } = databaseOf(turn);
  return {
    ...json,
    'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
    'tasks.max': '1',
    'database.hostname': host,
    'database.port': String(port),
    'database.dbname': name,
    'database.user': user,
    'database.password': password,
    'plugin.name': 'pgoutput',
    'snapshot.mode': 'initial_only',
    'table.include.list': `${schema}${point}${ordersTable}`,
    'topic.prefix': without(turn.topic, topicEnding),
    'time.precision.mode': 'connect',
    // Four headers a record, about the connector itself, that no other contender writes.
    'extended.headers.enabled': 'false',
    transforms: 'unwrap',
    'transforms.unwrap.type': 'io.debezium.transforms.ExtractNewRecordState',
  };
}

const debezium = { config: debeziumConfig, classPath: withDebezium };

export const tableSources: readonly Contender[] = [
  oursAsSource(jdbcConfig),
  javaSource({ name: 'debezium', ...debezium, producer: [] }),
  javaSource({ name: 'debezium tuned', ...debezium, producer: tunedProducer }),
];
