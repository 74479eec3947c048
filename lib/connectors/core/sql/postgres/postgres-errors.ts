import { ConfigError, ConnectError, RetriableError, toConnectError } from '../../../../api/errors.ts';

interface PostgresFailure extends Error {
  /** SQLSTATE of the server, or the code of a system call. */
  readonly code?: string;
  readonly detail?: string;
}

const systemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
]);
/** Classes of SQLSTATE that go away by themselves: connection, transaction rollback, resources, operator intervention. */
const passingClasses = ['08', '40', '53', '55', '57', '58'];

const fixes: Readonly<Record<string, (message: string) => ConnectError>> = {
  '28P01': (message) =>
    new ConfigError(`PostgreSQL refuses the login: ${message}`, {
      hint: 'Check connection.user and connection.password.',
    }),
  '28000': (message) =>
    new ConfigError(`PostgreSQL refuses the login: ${message}`, {
      hint: 'Check connection.user, and that pg_hba.conf lets this user in from here; a server that wants TLS needs ?sslmode=require in connection.url.',
    }),
  '3D000': (message) =>
    new ConfigError(`PostgreSQL: ${message}`, {
      hint: 'Check the database name at the end of connection.url.',
    }),
  '42P01': (message) =>
    new ConnectError(`PostgreSQL: ${message}`, {
      code: 'NOT_FOUND',
      hint: 'The table was dropped or renamed, or the query names one that is not there.',
    }),
  '42703': (message) =>
    new ConfigError(`PostgreSQL: ${message}`, {
      hint: 'Check incrementing.column.name, timestamp.column.name and query.',
    }),
  '42501': (message) =>
    new ConnectError(`PostgreSQL: ${message}`, {
      hint: 'Grant the user USAGE on the schema and SELECT on the table.',
    }),
  '42601': (message) =>
    new ConfigError(`PostgreSQL: ${message}`, {
      hint: 'Check query and query.suffix; the query is put in parentheses and must be one SELECT.',
    }),
};

/** Everything the server or the network can answer, as an error of ours. */
export function translatePostgresError(thrown: unknown, signal: AbortSignal): ConnectError {
  if (signal.aborted) return toConnectError(signal.reason);
  if (thrown instanceof ConnectError) return thrown;
  const error = (thrown instanceof AggregateError ? thrown.errors[0] : thrown) as PostgresFailure;
  const { code = '' } = error;
  const known = fixes[code]?.(error.message);
  if (known !== undefined) return known;
  if (
    systemCodes.has(code) ||
    (code === '' && /terminated|timeout|closed|not queryable/i.test(error.message))
  ) {
    return new RetriableError(`Cannot reach PostgreSQL: ${error.message}`, {
      cause: thrown,
      hint: 'Check host and port in connection.url, that the function is in a subnet with a route to it, and that the security groups let it through.',
    });
  }
  if (passingClasses.includes(code.slice(0, 2)))
    return new RetriableError(`PostgreSQL: ${error.message}`, { cause: thrown });
  return new ConnectError(`PostgreSQL: ${error.message}`, { cause: thrown });
}
