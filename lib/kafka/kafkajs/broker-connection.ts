import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type Connection from 'kafkajs/src/network/connection.js';
import type { Api } from '../protocol/api.ts';
import { apiVersionsApi } from '../protocol/cluster-apis.ts';
import { WireReader } from '../protocol/wire-reader.ts';
import { WireWriter } from '../protocol/wire-writer.ts';
import type { KafkaConnectOptions } from '../ports.ts';
import type { ClientContext } from './client-context.ts';
import { librarySasl, reauthenticationThresholdMs } from './library-sasl.ts';
import type { Library } from './library.ts';
import { connectionError, translateError } from './translate-error.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

export const addressText = ({ host, port }: BrokerAddress): string => `${host}:${port}`;

/** K6: kafkajs' own defaults are 1 s and 30 s; a cold TLS handshake needs more, a dead socket should cost less. */
const connectionTimeoutMs = 10_000;
const requestTimeoutMs = 10_000;
const saslAuthenticateKey = 36;

interface Throttled {
  readonly throttleTimeMs?: number;
}

export interface RequestOptions {
  /** At least 10 s, whatever is asked for. */
  readonly timeoutMs?: number;
  readonly expectAnswer?: boolean;
  /** In whose name, where not the client's. */
  readonly clientId?: string | undefined;
}

/** One connection to one broker: opened once, signed in, never reopened; a new one takes its place. */
export class BrokerConnection {
  readonly address: BrokerAddress;
  readonly #context: ClientContext;
  readonly #connection: Connection;
  #socket: Socket | undefined;
  #closed = false;
  #signedIn = false;
  /** Wall clock, as the monotonic one may stand still while the process is frozen. */
  #lastUsed: number;

  private constructor(address: BrokerAddress, context: ClientContext, library: Library) {
    this.address = address;
    this.#context = context;
    this.#lastUsed = context.clock.now();
    const { clientId, tls, sasl } = context.options;
    this.#connection = new library.Connection({
      ...address,
      clientId,
      ssl: tls === true ? {} : (tls ?? null) || null,
      sasl: sasl ? librarySasl(sasl, library) : null,
      logger: library.logger(context.log),
      socketFactory: ({ onConnect }) => this.#openSocket(tls, onConnect),
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      reauthenticationThreshold: 0,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
    });
    silenceIdleTimer(this.#connection.requestQueue);
  }

  /** Connects and signs in; throws KafkaError. `opened` gets the connection at once, so that it can be destroyed. */
  static async open(
    address: BrokerAddress,
    context: ClientContext,
    library: Library,
    opened: (connection: BrokerConnection) => void,
  ): Promise<BrokerConnection> {
    const connection = new BrokerConnection(address, context, library);
    opened(connection);
    try {
      await connection.#signIn();
      connection.#signedIn = true;
    } catch (error) {
      connection.destroy();
      throw translateError(error, addressText(address));
    }
    return connection;
  }

  get usable(): boolean {
    return !this.#closed;
  }

  get signedIn(): boolean {
    return this.#signedIn;
  }

  get lastUsed(): number {
    return this.#lastUsed;
  }

  /** Sends and awaits the answer; throws KafkaError for failures of the connection, not for what the answer says. */
  async request<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    options: RequestOptions = {},
  ): Promise<Response> {
    return this.#signedInFor(() => this.#exchange(api, request, options));
  }

  /** As `request` for an API without an answer: resolves when it was handed to the socket. */
  async requestWithoutAnswer<Request>(
    api: Api<Request, unknown>,
    request: Request,
    options: Pick<RequestOptions, 'clientId'> = {},
  ): Promise<void> {
    await this.#signedInFor(() => this.#send(api, request, { ...options, expectAnswer: false }));
  }

  destroy(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.requestQueue.destroy();
    this.#connection.rejectRequests(
      connectionError(`Connection to broker ${addressText(this.address)} was closed`),
    );
    // With an error, so that a connect under way ends too.
    this.#socket?.destroy(new Error('closed'));
  }

  async #signedInFor<T>(work: () => Promise<T>): Promise<T> {
    try {
      // Signs in again when the session is about to end (KIP-368). No turn is lost otherwise: requests stay in order.
      if (this.#isSignInDue) await this.#authenticate();
      return await work();
    } catch (error) {
      const translated = translateError(error, addressText(this.address));
      // After a timeout, or half an answer, nothing that comes on this connection can be trusted.
      this.destroy();
      throw translated;
    }
  }

  async #signIn(): Promise<void> {
    await this.#connection.connect();
    const { errorCode, apis } = await this.#exchange(apiVersionsApi, {}, {});
    if (errorCode !== 0)
      throw connectionError(`Broker ${addressText(this.address)} does not tell its API versions`);
    const versions = Object.fromEntries(
      apis.map(({ key, minVersion, maxVersion }) => [key, { minVersion, maxVersion }]),
    );
    this.#connection.setVersions(versions);
    this.#connection.setSupportAuthenticationProtocol(versions[saslAuthenticateKey] !== undefined);
    if (this.#isSignInDue) await this.#authenticate();
  }

  get #isSignInDue(): boolean {
    return this.#context.options.sasl !== undefined && !this.#connection.isAuthenticated();
  }

  async #authenticate(): Promise<void> {
    const connection = this.#connection;
    await connection.authenticate();
    const sessionMs = connection.sessionLifetime.toNumber();
    connection.reauthenticationThreshold = reauthenticationThresholdMs(sessionMs, this.#context.random);
  }

  async #exchange<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    options: RequestOptions,
  ): Promise<Response> {
    const payload = await this.#send(api, request, options);
    const response = api.response.read(new WireReader(payload ?? Buffer.alloc(0)));
    const { throttleTimeMs } = response as Throttled;
    if (throttleTimeMs !== undefined && throttleTimeMs > 0)
      this.#connection.requestQueue.maybeThrottle(throttleTimeMs);
    return response;
  }

  /** Past kafkajs' encoder, onto its request queue: timeouts, throttling and pipelining stay its own. */
  async #send<Request>(
    api: Api<Request, unknown>,
    request: Request,
    options: RequestOptions,
  ): Promise<Buffer | null> {
    const connection = this.#connection;
    const { socket } = connection;
    if (this.#closed || !socket)
      throw connectionError(`Connection to broker ${addressText(this.address)} was closed`);
    const correlationId = connection.nextCorrelationId();
    const clientId = options.clientId ?? this.#context.options.clientId;
    const frame = requestFrame(api, request, correlationId, clientId);
    this.#lastUsed = this.#context.clock.now();
    const { payload } = await new Promise<{ readonly payload: Buffer | null }>((resolve, reject) => {
      connection.requestQueue.push({
        entry: {
          apiKey: api.key,
          apiName: api.name,
          apiVersion: api.version,
          correlationId,
          resolve,
          reject,
        },
        expectResponse: options.expectAnswer ?? true,
        requestTimeout: options.timeoutMs ?? null,
        sendRequest: () => {
          socket.cork();
          for (const chunk of frame) socket.write(chunk);
          socket.uncork();
        },
      });
    });
    this.#lastUsed = this.#context.clock.now();
    return payload;
  }

  #openSocket(tls: KafkaConnectOptions['tls'], onConnect: () => void): Socket {
    const { host, port } = this.address;
    const servername = isIP(host) ? {} : { servername: host };
    const socket = tls
      ? connectTls({ host, port, ...servername, ...(tls === true ? {} : tls) }, onConnect)
      : connectTcp({ host, port }, onConnect);
    socket.setKeepAlive(true, 60_000);
    socket.setNoDelay(true);
    // kafkajs listens to 'end' and 'error' only; a destroyed socket gives neither.
    socket.once('close', () => this.destroy());
    this.#socket = socket;
    return socket;
  }
}

/** K5: with nothing pending, kafkajs sets a timer of `0 - now` milliseconds after every answer. It has no use then. */
function silenceIdleTimer(queue: Connection.RequestQueue): void {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule();
  };
}

function requestFrame<Request>(
  api: Api<Request, unknown>,
  request: Request,
  correlationId: number,
  clientId: string,
): readonly Uint8Array[] {
  const writer = new WireWriter();
  writer.int16(api.key);
  writer.int16(api.version);
  writer.int32(correlationId);
  writer.string(clientId);
  api.request.write(writer, request);
  return writer.frame();
}
