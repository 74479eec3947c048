import pg from 'pg';
import { startEmbeddedPostgres } from '../../lib/local/embedded-postgres.ts';
import { tableColumns } from './table-orders.ts';

export const ordersTable = 'orders';

export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** A real PostgreSQL with one table; it is a process of its own and counted for nobody. */
export class OrdersDatabase implements AsyncDisposable {
  readonly address: DatabaseAddress;
  readonly #client: pg.Client;
  readonly #close: () => Promise<void>;

  private constructor(address: DatabaseAddress, client: pg.Client, close: () => Promise<void>) {
    this.address = address;
    this.#client = client;
    this.#close = close;
  }

  /** The server, which may run as another user, must be able to enter the directory. */
  static async start(directory: string): Promise<OrdersDatabase> {
    const server = await startEmbeddedPostgres({
      directory,
      // Debezium asks for logical decoding; work of the server's own would take turns with the contenders.
      settings: { wal_level: 'logical', autovacuum: 'off', max_wal_size: '8GB', checkpoint_timeout: '1d' },
    });
    const url = new URL(server.url);
    const client = new pg.Client(server.url);
    try {
      await client.connect();
    } catch (error) {
      await server.close();
      throw error;
    }
    const address = {
      host: url.hostname,
      port: server.port,
      name: url.pathname.slice(1),
      user: url.username,
      password: url.password,
    };
    return new OrdersDatabase(address, client, () => server.close());
  }

  /** The table anew, with the rows of a file as COPY reads them; and all upkeep done that would come later. */
  async load(file: string): Promise<void> {
    await this.#client.query(`DROP TABLE IF EXISTS ${ordersTable}`);
    await this.#client.query(`CREATE TABLE ${ordersTable} (${tableColumns.join(', ')})`);
    await this.#client.query(`COPY ${ordersTable} FROM ${pg.escapeLiteral(file)}`);
    await this.#client.query(`VACUUM (FREEZE, ANALYZE) ${ordersTable}`);
    await this.#client.query('CHECKPOINT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
    await this.#close();
  }
}
