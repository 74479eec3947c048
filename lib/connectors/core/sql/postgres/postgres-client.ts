import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { Client, ClientConfig, FieldDef, QueryArrayConfig, ResultBuilder } from 'pg';
import { ConfigError } from '../../../../api/errors.ts';
import type { ConnectOptions, SqlCell, SqlRow } from '../connection.ts';
import { translatePostgresError } from './postgres-errors.ts';
import { parsePostgresUrl, type PostgresAddress } from './postgres-url.ts';

export interface PostgresResult {
  readonly fields: readonly FieldDef[];
  readonly rows: readonly SqlRow[];
}

/** PostgreSQL keeps it in 32 bits. */
const longestTimeoutMs = 2_147_483_647;

/**
 * A row as it comes in: its cells stay the text PostgreSQL sent, and are read once per column type. A query of `pg` hands
 * each row through parsers, a copy and an event; ours keeps the array it is given.
 */
interface DataRow {
  readonly fields: SqlRow;
}

/** So that `pg` does not look for parsers. */
const asText = { getTypeParser: () => (text: string) => text };

/** A connection of `pg` with our errors, our session settings, and an end to all waiting when the run is aborted. */
export class PostgresClient {
  readonly #pg: typeof pg;
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #cut: () => void;

  private constructor(library: typeof pg, client: Client, signal: AbortSignal) {
    this.#pg = library;
    this.#client = client;
    this.#signal = signal;
    // Ending a client with a query under way destroys its socket, which rejects the query.
    this.#cut = () => void this.close();
    signal.addEventListener('abort', this.#cut, { once: true });
  }

  static async connect(options: ConnectOptions): Promise<PostgresClient> {
    options.signal.throwIfAborted();
    const address = parsePostgresUrl(options.url);
    try {
      const { default: library } = await import('pg');
      const client = await open(library, address, options);
      const connected = new PostgresClient(library, client, options.signal);
      await client.query(sessionSettings(address, options));
      return connected;
    } catch (error) {
      throw translatePostgresError(error, options.signal);
    }
  }

  async query(sql: string, parameters: readonly SqlCell[] = []): Promise<PostgresResult> {
    const config: QueryArrayConfig = { text: sql, values: [...parameters], rowMode: 'array', types: asText };
    const rows: SqlRow[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<ResultBuilder>();
    const query = new this.#pg.Query(config, undefined, (error, result) =>
      error ? reject(error) : resolve(result),
    );
    Object.assign(query, { handleDataRow: ({ fields }: DataRow) => void rows.push(fields) });
    try {
      this.#client.query(query);
      return { fields: (await promise).fields, rows };
    } catch (error) {
      throw translatePostgresError(error, this.#signal);
    }
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#cut);
    await this.#client.end();
  }
}

async function open(library: typeof pg, address: PostgresAddress, options: ConnectOptions): Promise<Client> {
  const attempt = async (ssl: ClientConfig['ssl']): Promise<Client> => {
    const client = new library.Client({
      host: address.host,
      port: address.port,
      database: address.database,
      user: options.user ?? address.user ?? undefined,
      password: options.password ?? address.password ?? undefined,
      application_name: address.applicationName,
      connectionTimeoutMillis: address.connectTimeoutMs,
      keepAlive: true,
      ssl: ssl ?? false,
    } as ClientConfig);
    // An idle connection that breaks says so here; the next query reports it.
    client.on('error', () => undefined);
    const cut = (): void => void client.end();
    options.signal.addEventListener('abort', cut, { once: true });
    try {
      await client.connect();
    } finally {
      options.signal.removeEventListener('abort', cut);
    }
    return client;
  };
  if (address.sslMode === 'disable') return attempt(false);
  try {
    return await attempt(await tlsOptions(address));
  } catch (error) {
    const isRefused = error instanceof Error && /does not support SSL/i.test(error.message);
    if (!isRefused || !['allow', 'prefer'].includes(address.sslMode)) throw error;
    return attempt(false);
  }
}

/** As in PostgreSQL: only the verify modes check whom they are talking to. */
async function tlsOptions({ sslMode, sslRootCert }: PostgresAddress): Promise<ClientConfig['ssl']> {
  if (sslMode !== 'verify-ca' && sslMode !== 'verify-full') return { rejectUnauthorized: false };
  const ca = sslRootCert === null ? {} : { ca: await certificates(sslRootCert) };
  return sslMode === 'verify-full' ? { ...ca } : { ...ca, checkServerIdentity: () => undefined };
}

async function certificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`Cannot read the sslrootcert of connection.url: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** One round trip. Texts must not depend on how the server is set up, and no statement may outlive the run. */
function sessionSettings(
  { currentSchema }: PostgresAddress,
  { isolation, remainingMs }: ConnectOptions,
): string {
  const settings = [
    "SET TimeZone TO 'UTC'",
    "SET DateStyle TO 'ISO'",
    "SET IntervalStyle TO 'postgres'",
    "SET bytea_output TO 'hex'",
    'SET extra_float_digits TO 1',
    `SET statement_timeout TO ${Math.min(longestTimeoutMs, Math.max(1000, Math.floor(remainingMs)))}`,
  ];
  if (isolation !== null) settings.push(`SET default_transaction_isolation TO '${isolation}'`);
  if (currentSchema !== null)
    settings.push(
      `SET search_path TO ${currentSchema
        .split(',')
        .map((schema) => `"${schema.trim().replaceAll('"', '""')}"`)
        .join(', ')}`,
    );
  return settings.join('; ');
}
