import { addressText, type BrokerAddress } from './broker-address.ts';
import { BrokerConnection } from './broker-connection.ts';
import type { ClientContext } from './client-context.ts';
import { closedError } from '../kafka-error.ts';

/** Fetches have connections of their own (lanes.ts): a long poll would hold up whatever is sent behind it. */
export type ConnectionUse = 'requests' | `fetches ${number}`;

/** K6: brokers and what lies between close idle connections, MSK and NAT gateways from 5 minutes on. */
const maxIdleMs = 4 * 60_000;

interface Slot {
  readonly connection: BrokerConnection;
  readonly opening: Promise<BrokerConnection>;
}

/** The connections of one client, opened on first use and opened anew when they broke. */
export class ConnectionPool {
  readonly #context: ClientContext;
  readonly #slots = new Map<string, Slot>();
  #closed = false;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  /** Callers that come while it opens share it. Throws KafkaError. */
  async connection(address: BrokerAddress, use: ConnectionUse): Promise<BrokerConnection> {
    if (this.#closed) throw closedError('client');
    const key = `${use} ${addressText(address)}`;
    const known = this.#slots.get(key);
    if (known?.connection.usable) return known.opening;
    const connection = new BrokerConnection(address, this.#context);
    const slot: Slot = { connection, opening: connection.open() };
    this.#slots.set(key, slot);
    try {
      return await slot.opening;
    } catch (error) {
      if (this.#slots.get(key) === slot) this.#slots.delete(key);
      throw error;
    }
  }

  /** An open connection to any broker, if there is one. */
  anyOpen(): BrokerConnection | undefined {
    for (const [key, { connection }] of this.#slots) {
      if (key.startsWith('requests') && connection.usable && connection.signedIn) return connection;
    }
    return undefined;
  }

  dropIdle(): void {
    const usedSince = this.#context.clock.now() - maxIdleMs;
    for (const { connection } of this.#slots.values())
      if (connection.lastUsed < usedSince) connection.destroy();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    for (const { connection } of slots) connection.destroy();
    await Promise.allSettled(slots.map(({ opening }) => opening));
  }
}
