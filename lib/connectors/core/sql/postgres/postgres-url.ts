import { ConfigError } from '../../../../api/errors.ts';

/** What `sslmode` asks for; PostgreSQL's own default is `prefer`. */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly sslMode: SslMode;
  /** Path of a file with certificates to trust. */
  readonly sslRootCert: string | null;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  /** Schemas to look names up in. */
  readonly currentSchema: string | null;
}

const example = 'jdbc:postgresql://host:5432/database';

/** Reads `jdbc:postgresql://…` and `postgresql://…`; the parameters are those of the JDBC driver. */
export function parsePostgresUrl(url: string): PostgresAddress {
  const parsed = URL.parse(url.replace(/^jdbc:/, ''));
  const database = decodeURIComponent(parsed?.pathname.slice(1) ?? '');
  if (parsed === null || parsed.hostname === '' || database === '') {
    throw new ConfigError('connection.url does not name a PostgreSQL host and database', {
      hint: `It should look like ${example}`,
    });
  }
  if (parsed.host.includes(',')) {
    throw new ConfigError('connection.url names several hosts, which is not supported', {
      hint: 'Use the writer endpoint, or a proxy in front of the hosts.',
    });
  }
  const parameter = (name: string): string | null => parsed.searchParams.get(name);
  const connectTimeout = Number(parameter('connectTimeout') ?? 10);
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 5432 : Number(parsed.port),
    database,
    user: parameter('user') ?? text(parsed.username),
    password: parameter('password') ?? text(parsed.password),
    sslMode: sslMode(parameter('sslmode'), parameter('ssl')),
    sslRootCert: parameter('sslrootcert'),
    applicationName: parameter('ApplicationName') ?? 'sluice',
    connectTimeoutMs: connectTimeout > 0 ? connectTimeout * 1000 : 10_000,
    currentSchema: parameter('currentSchema'),
  };
}

const text = (encoded: string): string | null => (encoded === '' ? null : decodeURIComponent(encoded));

function sslMode(mode: string | null, ssl: string | null): SslMode {
  const wanted = mode ?? (ssl === null || ssl === 'false' ? 'prefer' : 'verify-full');
  const known = sslModes.find((candidate) => candidate === wanted);
  if (known === undefined)
    throw new ConfigError(`Unknown sslmode ${wanted} in connection.url`, {
      hint: `Use one of ${sslModes.join(', ')}.`,
    });
  return known;
}
