import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TcpProxy } from './tcp-proxy.ts';

/** A server that answers each message with the same in capitals, behind the proxy. */
describe('TcpProxy', () => {
  let server: Server;
  let proxy: TcpProxy;
  let received: string[];
  /** Resolves when the server has received the text. */
  let arrived: (text: string) => Promise<void>;
  const clients: Socket[] = [];

  beforeEach(async () => {
    received = [];
    server = createServer((socket) => {
      socket.on('data', (chunk) => {
        received.push(chunk.toString());
        server.emit('received');
        socket.write(chunk.toString().toUpperCase());
      });
      // Resets are what the proxy is for.
      socket.on('error', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    arrived = async (text) => {
      while (!received.join('').includes(text)) await once(server, 'received');
    };
    proxy = await TcpProxy.open();
    proxy.leadTo((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    server.close();
  });

  /** To the port of a proxy. What becomes of the connection is for the test to see. */
  function begin(port: number): Socket {
    const client = connect(port, '127.0.0.1');
    client.on('error', () => client.destroy());
    clients.push(client);
    return client;
  }

  async function open(): Promise<Socket> {
    const client = begin(proxy.port);
    await once(client, 'connect');
    return client;
  }

  async function ask(client: Socket, text: string): Promise<string> {
    client.write(text);
    return String((await once(client, 'data'))[0]);
  }

  /** What the connection fails with. */
  async function failureOf(client: Socket, act: () => void): Promise<string> {
    const failed = once(client, 'error');
    act();
    return String((await failed)[0]);
  }

  it('passes requests and answers on', async () => {
    expect(await ask(await open(), 'one')).toBe('ONE');
  });

  it('cuts the connections there are, and lets new ones through', async () => {
    const client = await open();
    await ask(client, 'one');
    expect(await failureOf(client, () => proxy.cut())).toContain('ECONNRESET');
    expect(await ask(await open(), 'two')).toBe('TWO');
  });

  it('refuses new connections until it is healed', async () => {
    proxy.become('refuse');
    expect(await failureOf(begin(proxy.port), () => undefined)).toContain('ECONNRESET');
    proxy.become('open');
    expect(await ask(await open(), 'two')).toBe('TWO');
  });

  it('holds bytes back, and delivers them late', async () => {
    const client = await open();
    await ask(client, 'one');
    proxy.become('blackHole');
    client.write('two');
    // Another connection of the server's own, to give the bytes a chance to come through.
    const other = await TcpProxy.open();
    other.leadTo((server.address() as AddressInfo).port);
    const straight = begin(other.port);
    expect(await ask(straight, 'three')).toBe('THREE');
    await other.close();
    expect(received).toEqual(['one', 'three']);
    const answer = once(client, 'data');
    proxy.become('open');
    expect(String(await answer)).toBe('TWO');
  });

  it('brings requests and loses their answers; such a connection is over when it is healed', async () => {
    const client = await open();
    await ask(client, 'one');
    proxy.become('loseAnswers');
    const answers: string[] = [];
    client.on('data', (chunk) => answers.push(String(chunk)));
    client.write('two');
    await arrived('two');
    client.write('three');
    await arrived('three');
    expect(await failureOf(client, () => proxy.become('open'))).toContain('ECONNRESET');
    expect(answers).toEqual([]);
  });
});
