import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ClientConnection, type ConnectionContext } from './client-connection.ts';

/** PEM texts. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface NodeOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: ServerCertificate | undefined;
}

/** One listening address of the dev broker and the connections to it. */
export class BrokerNode {
  readonly #context: ConnectionContext;
  readonly #host: string;
  readonly #tls: ServerCertificate | undefined;
  #port: number;
  #server: Server | undefined;
  #connections = new Set<ClientConnection>();

  constructor(context: ConnectionContext, { host, port, tls }: NodeOptions) {
    this.#context = context;
    this.#host = host;
    this.#port = port;
    this.#tls = tls;
  }

  get nodeId(): number {
    return this.#context.nodeId;
  }

  get address(): string {
    return `${this.#host}:${this.#port}`;
  }

  /** Listens, on a restart at the port it had, and is in the metadata from then on. */
  async start(): Promise<void> {
    const accept = (socket: Socket): void => {
      const connection = new ClientConnection(socket, this.#context);
      this.#connections.add(connection);
      socket.once('close', () => this.#connections.delete(connection));
    };
    const server = this.#tls ? createTlsServer(this.#tls, accept) : createTcpServer(accept);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
    this.#server = server;
    const { state, nodeId } = this.#context;
    state.nodes.set(nodeId, { nodeId, host: this.#host, port: this.#port });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#context.state.nodes.delete(this.nodeId);
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    await this.closeConnections();
    await closed;
  }

  silenceConnections(): void {
    for (const connection of this.#connections) connection.silence();
  }

  async closeConnections(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.close()));
  }
}
