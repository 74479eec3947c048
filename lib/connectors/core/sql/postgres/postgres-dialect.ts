import type { SqlDialect } from '../connection.ts';

export const postgresDialect: SqlDialect = {
  name: 'PostgreSQL',
  javaName: 'PostgreSqlDatabaseDialect',
  accepts: (url) => /^(jdbc:)?postgres(ql)?:/.test(url),
  connect: async (options) => {
    const [{ PostgresClient }, { PostgresConnection }] = await Promise.all([
      import('./postgres-client.ts'),
      import('./postgres-connection.ts'),
    ]);
    return new PostgresConnection(await PostgresClient.connect(options));
  },
};
