import type { Clock } from '../../../lib/foundation/clock.ts';
import type { Agenda } from './agenda.ts';

/** A call that takes longer is a trouble of its own. */
const slowMs = 1_000;

/** What befalls a process at its n-th call to the outside (from 1). */
export interface Doom {
  readonly kind: 'kill' | 'freeze';
  readonly atCall: number;
  /** Counts only calls of this name. */
  readonly of?: string;
  /** Whether that call still leaves the process. */
  readonly applied: boolean;
  /** How long it stays frozen, milliseconds. */
  readonly forMs: number;
}

/** The way of one call: how long it takes there and back, and what goes wrong with it. */
export interface Trip {
  readonly out: number;
  readonly back: number;
  /** `lost`: it never takes effect; `unanswered`: it does. Either way the caller gets the error. */
  readonly failure?: { readonly when: 'lost' | 'unanswered'; readonly error: Error };
  readonly signal?: AbortSignal | undefined;
}

export interface ProcessOptions {
  readonly name: string;
  readonly agenda: Agenda;
  /** Wall clock at the beginning of the history. */
  readonly epoch: number;
  readonly skewMs?: number;
  readonly doom?: Doom | undefined;
  /** A frozen machine's monotonic clock stands still; else it goes on. */
  readonly stopsWhenFrozen?: boolean;
  readonly onDoom?: (doom: Doom) => void;
  /** A call of it fails, or takes so long that it is a trouble. */
  readonly onTrouble?: (what: string, trip: Trip) => void;
  /** True: no doom is met any more. */
  readonly isSafe?: () => boolean;
  /** Its calls take no time: for looks at a moment. */
  readonly isInstant?: boolean;
  /** A call of a process that has ended: it left work behind. */
  readonly onLeftover?: (what: string) => void;
}

/**
 * One process of Lambda as code in it sees the world: every call to the outside goes through here and is answered
 * later, if at all. A killed process is never answered again; a frozen one only when it thaws.
 */
export class Process {
  readonly name: string;
  readonly clock: Clock;
  state: 'alive' | 'frozen' | 'dead' | 'ended' = 'alive';
  calls = 0;
  skewMs: number;
  /** Something went wrong with it or with a call of it. */
  isTroubled = false;
  thawedAt = 0;
  readonly #options: ProcessOptions;
  readonly #agenda: Agenda;
  readonly #bornAt: number;
  /** Calls that count for its doom. */
  #counted = 0;
  #frozenAt = 0;
  #standstillMs = 0;
  #waiting: (() => void)[] = [];

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#agenda = options.agenda;
    this.name = options.name;
    this.skewMs = options.skewMs ?? 0;
    this.#bornAt = options.agenda.now;
    this.clock = {
      now: () => Math.round(options.epoch + this.#agenda.now + this.skewMs),
      monotonic: () => this.#agenda.now - this.#bornAt - this.#standstillMs,
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  /** A call to the outside: `apply` happens there, all at once, unless the way is lost. */
  call<T>(what: string, trip: Trip, apply: () => Promise<T> | T): Promise<T> {
    const { signal, failure } = trip;
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.state === 'ended') this.#options.onLeftover?.(what);
    if (this.#options.isInstant === true) return Promise.resolve(apply());
    if (failure !== undefined || trip.out + trip.back > slowMs) {
      this.isTroubled = true;
      this.#options.onTrouble?.(what, trip);
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const send = (): void => {
      this.#agenda.after(trip.out, () => {
        if (failure?.when === 'lost') return this.#answer(trip.back, () => reject(failure.error));
        void Promise.resolve(apply()).then(
          (value) =>
            this.#answer(trip.back, () => (failure === undefined ? resolve(value) : reject(failure.error))),
          (error: Error) => this.#answer(trip.back, () => reject(error)),
        );
      });
    };
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    this.calls++;
    const { doom } = this.#options;
    if (doom?.of === undefined || doom.of === what) this.#counted++;
    const isDoomed =
      doom?.atCall === this.#counted &&
      (doom.of ?? what) === what &&
      this.state === 'alive' &&
      !(this.#options.isSafe?.() ?? false);
    if (doom === undefined || !isDoomed) send();
    else this.#meet(doom, send);
    return promise;
  }

  kill(): void {
    this.state = 'dead';
    this.#waiting = [];
  }

  /** Stops everything in it until `thaw`. */
  freeze(): void {
    if (this.state !== 'alive' && this.state !== 'ended') return;
    this.#frozenAt = this.#agenda.now;
    this.isTroubled = true;
    this.state = 'frozen';
  }

  thaw(as: 'alive' | 'ended' = 'alive'): void {
    if (this.state !== 'frozen') return;
    this.state = as;
    this.thawedAt = this.#agenda.now;
    if (this.#options.stopsWhenFrozen === true) this.#standstillMs += this.#agenda.now - this.#frozenAt;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) this.#agenda.after(0, () => this.#go(go));
  }

  /** Its invocation is over: what still wakes up in it was left behind. */
  end(): void {
    if (this.state === 'alive') this.state = 'ended';
  }

  #meet(doom: Doom, send: () => void): void {
    this.isTroubled = true;
    this.#options.onDoom?.(doom);
    if (doom.applied) send();
    if (doom.kind === 'kill') return this.kill();
    this.freeze();
    if (!doom.applied) this.#waiting.push(send);
    this.#agenda.after(doom.forMs, () => this.thaw());
  }

  #answer(after: number, go: () => void): void {
    this.#agenda.after(after, () => this.#go(go));
  }

  #go(go: () => void): void {
    if (this.state === 'dead') return;
    if (this.state === 'frozen') this.#waiting.push(go);
    else go();
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const alarm = this.#agenda.after(ms, () => this.#go(resolve));
    signal?.addEventListener(
      'abort',
      () => {
        alarm.cancel();
        reject(signal.reason as Error);
      },
      { once: true },
    );
    return promise;
  }
}
