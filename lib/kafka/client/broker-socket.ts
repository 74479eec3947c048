import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../../foundation/clock.ts';
import type { KafkaError } from '../kafka-error.ts';
import type { KafkaConnectOptions } from '../ports.ts';
import { addressText, type BrokerAddress } from './broker-address.ts';
import { connectionError, socketError } from './connection-error.ts';

/** Whom the socket works for. */
export interface SocketUser {
  /** Where the next bytes go. */
  room(): Buffer;
  /** So many have come there. What it throws ends the socket. */
  read(count: number): void;
  /** Nothing comes any more. */
  ended(error: unknown): void;
}

export interface SocketOptions {
  readonly tls: KafkaConnectOptions['tls'];
  readonly clock: Clock;
}

/** K6: a cold TLS handshake needs more than the second that kafkajs gives it. */
const connectTimeoutMs = 10_000;
const connected = new Error('connected');

/** The socket to a broker, through TLS where that is wanted. It says `ended` once, unless it was destroyed before. */
export class BrokerSocket {
  readonly #broker: string;
  readonly #clock: Clock;
  readonly #user: SocketUser;
  readonly #socket: Socket;
  readonly #opening = Promise.withResolvers<void>();
  #ended = false;

  constructor(address: BrokerAddress, { tls, clock }: SocketOptions, user: SocketUser) {
    this.#broker = addressText(address);
    this.#clock = clock;
    this.#user = user;
    const socket = this.#begin(address, tls);
    socket.setKeepAlive(true, 60_000);
    socket.setNoDelay(true);
    socket.on('error', (error) => this.#end(socketError(error, this.#broker)));
    socket.once('end', () => this.#end(this.#closed()));
    socket.once('close', () => this.#end(this.#closed()));
    this.#socket = socket;
  }

  /** Resolves when it can be written to. Throws KafkaError. */
  async connected(): Promise<void> {
    const wait = new AbortController();
    const tooLong = this.#clock.sleep(connectTimeoutMs, wait.signal).then((): never => {
      throw connectionError(
        `Connection to broker ${this.#broker} failed: not open after ${connectTimeoutMs / 1_000} s`,
        { code: 'ETIMEDOUT' },
      );
    });
    try {
      await Promise.race([this.#opening.promise, tooLong]);
    } finally {
      wait.abort(connected);
    }
  }

  write(frame: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const chunk of frame) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  destroy(error: unknown): void {
    this.#ended = true;
    this.#opening.reject(error);
    this.#socket.destroy();
  }

  #begin(address: BrokerAddress, tls: KafkaConnectOptions['tls']): Socket {
    try {
      return this.#connect(address, tls);
    } catch (error) {
      // Node refuses an address that cannot be one, such as a port that a broker advertises by mistake.
      throw error instanceof Error ? socketError(error, this.#broker) : error;
    }
  }

  #connect({ host, port }: BrokerAddress, tls: KafkaConnectOptions['tls']): Socket {
    const opened = (): void => this.#opening.resolve();
    const onread = {
      buffer: () => this.#user.room(),
      callback: (count: number): boolean => {
        this.#read(count);
        return true;
      },
    };
    if (!tls) return connectTcp({ host, port, onread }, opened);
    const servername = isIP(host) ? {} : { servername: host };
    const options = { host, port, onread, ...servername, ...(tls === true ? {} : tls) };
    return connectTls(options, opened);
  }

  #read(count: number): void {
    if (this.#ended) return;
    try {
      this.#user.read(count);
    } catch (error) {
      // Thrown on, it would end the process: nobody is above a socket.
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    if (this.#ended) return;
    this.destroy(error);
    this.#user.ended(error);
  }

  #closed(): KafkaError {
    return connectionError(`Broker ${this.#broker} closed the connection`);
  }
}
