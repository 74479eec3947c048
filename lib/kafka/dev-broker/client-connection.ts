import type { Socket } from 'node:net';
import type { Logger } from '../../foundation/logger.ts';
import { nullableString } from '../protocol/wire-types.ts';
import { WireReader } from '../protocol/wire-reader.ts';
import { WireWriter } from '../protocol/wire-writer.ts';
import type { BrokerState } from './broker-state.ts';
import type { ArmedFaults, FaultAction } from './faults.ts';
import { FrameReader } from './frame-reader.ts';
import { forcedErrorOf, type Handler } from './handler.ts';
import { apiVersionsHandler } from './handlers/api-versions.ts';
import { saslAuthenticateHandler, saslHandshakeHandler, type PlainUser } from './handlers/sasl.ts';
import { handlers } from './request-table.ts';

export interface ConnectionContext {
  readonly state: BrokerState;
  readonly nodeId: number;
  readonly faults: ArmedFaults;
  readonly user: PlainUser | undefined;
  readonly log: Logger;
  readonly observe: (event: BrokerEvent) => void;
}

/** What a test can count: a request from when it is there until it is answered, or its connection ends. */
export type BrokerEvent =
  | { readonly kind: 'connected' | 'disconnected' }
  | { readonly kind: 'request'; readonly api: string; readonly clientId: string | null }
  | { readonly kind: 'done'; readonly api: string };

const apiVersionsKey = 18;
const unsupportedVersion = 35;
/** Brokers' default socket.request.max.bytes. */
const maxRequestBytes = 104_857_600;

/**
 * One client's socket. Requests are handled one after the other in the order they came, as a broker does: a long
 * poll holds up what comes behind it.
 */
export class ClientConnection {
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #ended = new AbortController();
  readonly #frames = new FrameReader(maxRequestBytes);
  readonly #waiting: Buffer[] = [];
  readonly #handlers: ReadonlyMap<number, Handler>;
  #working = false;
  #silent = false;
  #signedIn: boolean;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
    this.#signedIn = context.user === undefined;
    const sasl = [saslHandshakeHandler, saslAuthenticateHandler(context.user, () => (this.#signedIn = true))];
    const offered = context.user ? [...handlers, ...sasl] : handlers;
    this.#handlers = new Map(
      [...offered, apiVersionsHandler(offered)].map((handler) => [handler.key, handler]),
    );
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => context.log.debug('Client connection failed', { error: error.message }));
    socket.on('close', () => {
      this.#ended.abort();
      for (const frame of this.#waiting.splice(0)) this.#done(frame);
      context.observe({ kind: 'disconnected' });
    });
    context.observe({ kind: 'connected' });
  }

  /** Resolves when the socket is closed. */
  async close(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.destroy();
    await closed;
  }

  /** From now on nothing is read or answered, and nothing says so. */
  silence(): void {
    this.#silent = true;
  }

  #receive(chunk: Buffer): void {
    if (this.#silent) return;
    try {
      for (const frame of this.#frames.push(chunk)) {
        this.#waiting.push(frame);
        this.#context.observe({ kind: 'request', ...this.#headOf(frame) });
      }
    } catch (error) {
      this.#refuse(error);
      return;
    }
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
        if (!this.#ended.signal.aborted) await this.#answer(frame);
        this.#done(frame);
      }
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#working = false;
    }
  }

  #headOf(frame: Buffer): { api: string; clientId: string | null } {
    const reader = new WireReader(frame);
    const key = reader.int16();
    reader.int16(); // version
    reader.int32(); // correlation id
    return { api: this.#handlers.get(key)?.name ?? `API ${key}`, clientId: nullableString.read(reader) };
  }

  #done(frame: Buffer): void {
    this.#context.observe({ kind: 'done', api: this.#headOf(frame).api });
  }

  async #answer(frame: Buffer): Promise<void> {
    const reader = new WireReader(frame);
    const key = reader.int16();
    const version = reader.int16();
    const writer = new WireWriter();
    writer.int32(reader.int32()); // correlation id
    const handler = this.#handlers.get(key);
    const known = handler !== undefined && version >= handler.minVersion && version <= handler.maxVersion;
    if (!known && key === apiVersionsKey) {
      writer.int16(unsupportedVersion);
      writer.int32(0);
      this.#send(writer.frame());
      return;
    }
    if (!known) throw new RangeError(`API ${key} in version ${version} is not spoken here`);
    if (!this.#signedIn && handlers.includes(handler))
      throw new RangeError(`${handler.name} before signing in`);
    nullableString.read(reader); // client id
    const { state, nodeId, faults } = this.#context;
    const fault = faults.take(handler.name);
    if (fault?.kind === 'drop request') {
      this.#socket.destroy();
      return;
    }
    const signal = this.#ended.signal;
    const answered = await handler.answer(reader, writer, {
      state,
      nodeId,
      signal,
      forcedError: forcedErrorOf(fault),
    });
    if (answered && !signal.aborted) await this.#deliver(writer.frame(), fault);
  }

  async #deliver(frame: readonly Uint8Array[], fault: FaultAction | undefined): Promise<void> {
    if (fault?.kind === 'drop answer') this.#socket.destroy();
    else if (fault?.kind === 'cut answer') {
      const bytes = Buffer.concat(frame);
      this.#socket.end(bytes.subarray(0, bytes.length / 2));
    } else {
      if (fault?.kind === 'delay') await this.#delay(fault.ms);
      this.#send(frame);
    }
  }

  async #delay(ms: number): Promise<void> {
    try {
      await this.#context.state.clock.sleep(ms, this.#ended.signal);
    } catch (error) {
      if (!this.#ended.signal.aborted) throw error;
    }
  }

  #send(frame: readonly Uint8Array[]): void {
    if (!this.#socket.writable || this.#silent) return;
    this.#socket.cork();
    for (const chunk of frame) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  /** What cannot be read or is not spoken ends the connection, as it does on a broker. */
  #refuse(error: unknown): void {
    this.#context.log.warn('Dev broker closes a connection', {
      error: error instanceof Error ? error.message : String(error),
    });
    this.#socket.destroy();
  }
}
