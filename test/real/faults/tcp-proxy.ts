import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to what goes through: `open` passes it on; `refuse` resets every connection, also new ones; `blackHole`
 * holds all bytes back until it is healed, when they arrive late; `loseAnswers` brings requests and drops answers.
 */
export const proxyModes = ['open', 'refuse', 'blackHole', 'loseAnswers'] as const;
export type ProxyMode = (typeof proxyModes)[number];

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** Answers were dropped: the connection cannot go on after that. */
  torn: boolean;
}

/** A way to one server on loopback, for one process, that can be cut and healed. */
export class TcpProxy {
  readonly #listener: Server;
  readonly #pairs = new Set<Pair>();
  #target = 0;
  #mode: ProxyMode = 'open';

  private constructor() {
    // Half-open: one side that has ended may still be owed an answer.
    this.#listener = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /** Listens at once; where it leads to may be said later, before the first connection. */
  static async open(): Promise<TcpProxy> {
    const proxy = new TcpProxy();
    proxy.#listener.listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  leadTo(port: number): void {
    this.#target = port;
  }

  get mode(): ProxyMode {
    return this.#mode;
  }

  become(mode: ProxyMode): void {
    this.#mode = mode;
    if (mode === 'refuse') this.cut();
    for (const pair of this.#pairs) {
      if (mode === 'blackHole') hold(pair);
      else if (mode === 'open' && pair.torn) reset(pair);
      else release(pair);
    }
  }

  /** Resets every connection there is; new ones are not concerned. */
  cut(): void {
    for (const pair of this.#pairs) reset(pair);
  }

  async close(): Promise<void> {
    this.cut();
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    const pair: Pair = { client, server, torn: false };
    this.#pairs.add(pair);
    forward(client, server, () => this.#mode !== 'blackHole');
    forward(
      server,
      client,
      () => this.#mode !== 'blackHole',
      () => {
        pair.torn ||= this.#mode === 'loseAnswers';
        return pair.torn;
      },
    );
    for (const socket of [client, server]) {
      // Resets are what this is for: either side's end is the other's, and it learns of it by 'close'.
      socket.on('error', () => reset(pair));
      socket.once('close', () => this.#closed(pair));
    }
    if (this.#mode === 'blackHole') hold(pair);
  }

  #closed(pair: Pair): void {
    if (!pair.client.destroyed || !pair.server.destroyed) reset(pair);
    this.#pairs.delete(pair);
  }
}

function forward(from: Socket, to: Socket, mayFlow: () => boolean, drops: () => boolean = () => false): void {
  from.on('data', (chunk: Buffer) => {
    if (drops() || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => {
      if (mayFlow()) from.resume();
    });
  });
  from.once('end', () => to.end());
}

function hold({ client, server }: Pair): void {
  client.pause();
  server.pause();
}

function release({ client, server }: Pair): void {
  client.resume();
  server.resume();
}

function reset({ client, server }: Pair): void {
  client.resetAndDestroy();
  server.resetAndDestroy();
}
