import type { Api } from '../protocol/api.ts';
import { apiVersionsApi, saslHandshakeApi } from '../protocol/cluster-apis.ts';
import { WireReader } from '../protocol/wire-reader.ts';
import { WireWriter } from '../protocol/wire-writer.ts';
import { AnswerFraming } from './answer-framing.ts';
import { addressText, type BrokerAddress } from './broker-address.ts';
import { BrokerSocket } from './broker-socket.ts';
import type { ClientContext } from './client-context.ts';
import { answerError, connectionError } from './connection-error.ts';
import { InFlight, type SentRequest } from './in-flight.ts';
import { Outbox } from './outbox.ts';
import { refusal, saslCodes } from './sasl/sasl-exchange.ts';
import { signIn } from './sasl/sign-in.ts';

/** K6: kafkajs' own default is 30 s; a dead socket should cost less. */
const requestTimeoutMs = 10_000;
const maxCorrelationId = 2 ** 31 - 1;

interface Throttled {
  readonly throttleTimeMs?: number;
}

export interface RequestOptions {
  /** At least 10 s, whatever is asked for. */
  readonly timeoutMs?: number;
  /** In whose name, where not the client's. */
  readonly clientId?: string | undefined;
}

/** One connection to one broker: opened once, signed in, never reopened; a new one takes its place. */
export class BrokerConnection {
  readonly address: BrokerAddress;
  readonly #broker: string;
  readonly #context: ClientContext;
  readonly #inFlight: InFlight;
  readonly #outbox: Outbox;
  readonly #socket: BrokerSocket;
  #nextCorrelationId = 0;
  #closed = false;
  #signedIn = false;
  /** When to sign in again. Wall clock, as what follows: the monotonic one may stand still while the process is frozen. */
  #renewAt = Number.POSITIVE_INFINITY;
  #lastUsed: number;

  /** Begins to connect. Throws KafkaError for an address that cannot be one. */
  constructor(address: BrokerAddress, context: ClientContext) {
    const { clock, options } = context;
    this.address = address;
    this.#broker = addressText(address);
    this.#context = context;
    this.#lastUsed = clock.now();
    this.#inFlight = new InFlight(clock, ({ name, timeoutMs }) =>
      this.#fail(
        connectionError(`Broker ${this.#broker} did not answer ${name} in ${timeoutMs / 1_000} s`, {
          code: 'ETIMEDOUT',
        }),
      ),
    );
    this.#outbox = new Outbox({
      clock,
      prepare: () => (clock.now() >= this.#renewAt ? this.#signIn() : undefined),
      failed: (error) => this.#fail(error),
    });
    const framing = new AnswerFraming(this.#broker, {
      due: () => this.#inFlight.due,
      answered: (body) => {
        this.#lastUsed = clock.now();
        this.#inFlight.answer(body);
      },
    });
    this.#socket = new BrokerSocket(
      address,
      { tls: options.tls, clock },
      {
        room: () => framing.room(),
        read: (count) => framing.read(count),
        ended: (error) => this.#fail(error),
      },
    );
  }

  /** Resolves when it is connected and signed in; throws KafkaError. To be called once, with the constructor. */
  async open(): Promise<this> {
    try {
      await this.#start();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    return this;
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

  /**
   * Sends and awaits the answer; throws KafkaError for failures of the connection, not for what the answer says. What
   * is asked in one go is sent in that order, in the very call where nothing holds it back.
   */
  async request<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    options: RequestOptions = {},
  ): Promise<Response> {
    const { correlationId, frame } = this.#frame(api, request, options.clientId);
    const timeoutMs = Math.max(requestTimeoutMs, options.timeoutMs ?? 0);
    const body = await new Promise<Buffer>((resolve, reject) => {
      const sent = { correlationId, name: api.name, timeoutMs, resolve, reject };
      this.#outbox.push({ send: () => this.#send(frame, sent), fail: reject });
    });
    return this.#read(api, body);
  }

  /** As `request` for an API without an answer: resolves when it was handed to the socket. */
  async requestWithoutAnswer<Request>(
    api: Api<Request, unknown>,
    request: Request,
    options: Pick<RequestOptions, 'clientId'> = {},
  ): Promise<void> {
    const { frame } = this.#frame(api, request, options.clientId);
    await new Promise<void>((resolve, reject) => {
      const send = (): void => {
        this.#write(frame);
        resolve();
      };
      this.#outbox.push({ send, fail: reject });
    });
  }

  destroy(): void {
    this.#fail(connectionError(`Connection to broker ${this.#broker} was closed`));
  }

  async #start(): Promise<void> {
    await this.#socket.connected();
    const { errorCode, apis } = await this.#ask(apiVersionsApi, {});
    if (errorCode !== 0) throw connectionError(`Broker ${this.#broker} does not tell its API versions`);
    if (this.#context.options.sasl !== undefined) {
      if (!apis.some(({ key }) => key === saslHandshakeApi.key))
        throw refusal(saslCodes.illegalState, this.#broker, 'it has no SASL');
      await this.#signIn();
    }
    this.#signedIn = true;
  }

  async #signIn(): Promise<void> {
    const { clock, random, options } = this.#context;
    if (options.sasl === undefined) return;
    this.#renewAt = await signIn(options.sasl, {
      broker: this.#broker,
      clock,
      random,
      ask: (api, request) => this.#ask(api, request),
    });
  }

  /** As `request`, past the outbox: what signs in. */
  async #ask<Request, Response>(api: Api<Request, Response>, request: Request): Promise<Response> {
    const { correlationId, frame } = this.#frame(api, request, undefined);
    const body = await new Promise<Buffer>((resolve, reject) =>
      this.#send(frame, { correlationId, name: api.name, timeoutMs: requestTimeoutMs, resolve, reject }),
    );
    return this.#read(api, body);
  }

  #frame<Request>(api: Api<Request, unknown>, request: Request, clientId: string | undefined) {
    if (this.#closed) throw connectionError(`Connection to broker ${this.#broker} was closed`);
    const correlationId = this.#nextCorrelationId;
    this.#nextCorrelationId = correlationId === maxCorrelationId ? 0 : correlationId + 1;
    const writer = new WireWriter();
    writer.int16(api.key);
    writer.int16(api.version);
    writer.int32(correlationId);
    writer.string(clientId ?? this.#context.options.clientId);
    api.request.write(writer, request);
    return { correlationId, frame: writer.frame() };
  }

  #send(frame: readonly Uint8Array[], sent: SentRequest): void {
    this.#inFlight.add(sent);
    this.#write(frame);
  }

  #write(frame: readonly Uint8Array[]): void {
    this.#lastUsed = this.#context.clock.now();
    this.#socket.write(frame);
  }

  #read<Request, Response>(api: Api<Request, Response>, body: Buffer): Response {
    try {
      const response = api.response.read(new WireReader(body));
      const { throttleTimeMs } = response as Throttled;
      if (throttleTimeMs !== undefined && throttleTimeMs > 0) this.#outbox.throttle(throttleTimeMs);
      return response;
    } catch (error) {
      // Nothing that comes behind half an answer can be trusted.
      const told = answerError(error, this.#broker);
      this.#fail(told);
      throw told;
    }
  }

  /** The end of the connection, and of all that waits for something on it. */
  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy(error);
    this.#outbox.fail(error);
    this.#inFlight.fail(error);
  }
}
