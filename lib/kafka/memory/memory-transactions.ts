import type { Clock } from '../../foundation/clock.ts';
import type { MemoryLog, MemoryTransaction } from './memory-log.ts';

const codes = { ok: 0, invalidEpoch: 47, invalidState: 48, invalidTimeout: 50 } as const;
/** Brokers' default transaction.max.timeout.ms. */
const maxTimeoutMs = 900_000;

/** Who a transactional producer is, as told by its init. */
export interface MemoryIdentity {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly epoch: number;
}

interface Started {
  readonly transaction: MemoryTransaction;
  readonly logs: Set<MemoryLog>;
  /** Monotonic milliseconds. */
  readonly until: number;
}

interface Holder {
  readonly producerId: bigint;
  epoch: number;
  timeoutMs: number;
  started: Started | undefined;
}

/**
 * The transaction coordinator of a MemoryKafka. Timeouts are found out when somebody asks, so that no timer of its
 * own runs on the clock.
 */
export class MemoryTransactions {
  readonly #clock: Clock;
  readonly #holders = new Map<string, Holder>();
  readonly #changed: () => void;

  /** `changed`: a transaction has ended. */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Every transactional id that was ever initialised. */
  get ids(): string[] {
    return [...this.#holders.keys()];
  }

  /** Aborts what is open and fences who opened it; or Kafka's error code. */
  init(transactionalId: string, timeoutMs: number): MemoryIdentity | number {
    if (timeoutMs <= 0 || timeoutMs > maxTimeoutMs) return codes.invalidTimeout;
    const known = this.#holders.get(transactionalId);
    if (known) this.#end(known, 'aborted');
    const epoch = known ? known.epoch + 1 : 0;
    const producerId = known?.producerId ?? BigInt(this.#holders.size + 1);
    this.#holders.set(transactionalId, { producerId, epoch, timeoutMs, started: undefined });
    return { transactionalId, producerId, epoch };
  }

  /** The open transaction of this producer, opened if need be, with `log` a part of it; or Kafka's error code. */
  join(identity: MemoryIdentity, log: MemoryLog): MemoryTransaction | number {
    const holder = this.#holder(identity);
    if (!holder) return codes.invalidEpoch;
    holder.started ??= {
      transaction: { state: 'open' },
      logs: new Set(),
      until: this.#clock.monotonic() + holder.timeoutMs,
    };
    holder.started.logs.add(log);
    return holder.started.transaction;
  }

  /** Answers Kafka's error code. */
  end(identity: MemoryIdentity, state: 'committed' | 'aborted'): number {
    const holder = this.#holder(identity);
    if (!holder) return codes.invalidEpoch;
    if (!holder.started) return codes.invalidState;
    this.#end(holder, state);
    return codes.ok;
  }

  /** Aborts what was open for too long and fences its producer, as a broker does. */
  expire(): void {
    const now = this.#clock.monotonic();
    for (const holder of this.#holders.values()) {
      if (!holder.started || holder.started.until > now) continue;
      holder.epoch += 1;
      this.#end(holder, 'aborted');
    }
  }

  #holder({ transactionalId, epoch }: MemoryIdentity): Holder | undefined {
    this.expire();
    const holder = this.#holders.get(transactionalId);
    return holder?.epoch === epoch ? holder : undefined;
  }

  #end(holder: Holder, state: 'committed' | 'aborted'): void {
    if (!holder.started) return;
    const { transaction, logs } = holder.started;
    holder.started = undefined;
    transaction.state = state;
    for (const log of logs) log.appendMarker(transaction);
    this.#changed();
  }
}
