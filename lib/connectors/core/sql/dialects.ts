import { ConfigError } from '../../../api/errors.ts';
import type { SqlDialect } from './connection.ts';
import { postgresDialect } from './postgres/postgres-dialect.ts';
import { sqliteDialect } from './sqlite/sqlite-dialect.ts';

export const dialects: readonly SqlDialect[] = [postgresDialect, sqliteDialect];

/** By name when one is given, as in the Java connector, otherwise by the URL. */
export function dialectFor(url: string, name: string): SqlDialect {
  const found = dialects.find((dialect) => (name === '' ? dialect.accepts(url) : dialect.javaName === name));
  if (found !== undefined) return found;
  const kind = /^(?:jdbc:)?([\w+-]+):/.exec(url)?.[1];
  const what =
    name === ''
      ? kind === undefined
        ? 'connection.url is not a database URL'
        : `The database of connection.url, ${kind}, is not supported yet`
      : `Unknown dialect.name ${name}`;
  throw new ConfigError(what, {
    hint: `Supported: ${dialects.map((dialect) => `${dialect.name} (${dialect.javaName})`).join(', ')}. A URL looks like jdbc:postgresql://host:5432/database.`,
  });
}
