import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import dynalite from 'dynalite';

/** What a DynamoDB client needs to reach a local server; any credentials do. */
export interface LocalDynamodbConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface LocalDynamodb extends AsyncDisposable {
  readonly endpoint: string;
  /** For `dynamodbClient(clientConfig)`. */
  readonly clientConfig: LocalDynamodbConfig;
  close(): Promise<void>;
}

export interface DynaliteOptions {
  /** Where the data is kept, created if need be; in memory, and gone at the end, without it. */
  readonly directory?: string;
}

export function localDynamodbConfig(endpoint: string): LocalDynamodbConfig {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** A DynamoDB stand-in in this process, on a free loopback port: the table of `sluice dev` and of tests. */
export async function startDynalite({ directory }: DynaliteOptions = {}): Promise<LocalDynamodb> {
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const instant = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  const server = dynalite({ ...instant, ...(directory === undefined ? {} : { path: directory }) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): Promise<void> => {
    const closed = promisify(server.close.bind(server))();
    // A client's idle connections would keep the server open for as long as the client lives.
    server.closeAllConnections();
    return closed;
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => (stopped ??= stop());
  return { endpoint, clientConfig: localDynamodbConfig(endpoint), close, [Symbol.asyncDispose]: close };
}
