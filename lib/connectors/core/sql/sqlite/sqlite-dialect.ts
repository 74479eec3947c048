import type { SqlDialect } from '../connection.ts';

export const sqliteDialect: SqlDialect = {
  name: 'SQLite',
  javaName: 'SqliteDatabaseDialect',
  accepts: (url) => /^(jdbc:)?sqlite:/.test(url),
  connect: async (options) => {
    const { SqliteConnection } = await import('./sqlite-connection.ts');
    return SqliteConnection.connect(options);
  },
};
