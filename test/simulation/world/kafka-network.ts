import type { Deadline } from '../../../lib/foundation/deadline.ts';
import { errorOf } from '../../../lib/kafka/error-codes.ts';
import type { Agenda } from '../engine/agenda.ts';
import type { Dice } from '../engine/dice.ts';
import type { Trip } from '../engine/process.ts';
import type { Weather } from '../faults/weather.ts';

const codes = { notLeader: 6, timedOut: 7, network: 13, notAuthorized: 29 } as const;
const requestTimeoutMs = 30_000;

/** The way to Kafka: what becomes of each request. */
export class KafkaNetwork {
  #downUntil = 0;
  /** Dead-letter topics that take nothing until then. */
  readonly #refusedUntil = new Map<string, number>();
  readonly #agenda: Agenda;
  readonly #dice: Dice;
  readonly #weather: Weather;

  constructor({ agenda, dice, weather }: { agenda: Agenda; dice: Dice; weather: Weather }) {
    this.#agenda = agenda;
    this.#dice = dice;
    this.#weather = weather;
  }

  trip(what: string, deadline: Deadline): Trip {
    const dice = this.#dice;
    const weather = this.#weather;
    const swift = { out: dice.between(1, 10), back: dice.between(1, 10) };
    if (weather.isCalm) return swift;
    if (weather.strikes('Kafka down')) this.#downUntil = this.#agenda.now + dice.between(1_000, 240_000);
    if (this.#agenda.now < this.#downUntil) {
      const back = Math.min(deadline.remaining(), dice.between(10, requestTimeoutMs));
      return { ...swift, back, failure: { when: 'lost', error: errorOf(codes.network) } };
    }
    if (weather.strikes('Kafka hangs')) {
      const back = Math.min(deadline.remaining(), requestTimeoutMs);
      const when = dice.chance(0.5) ? ('lost' as const) : ('unanswered' as const);
      return { ...swift, back, failure: { when, error: errorOf(codes.timedOut) } };
    }
    if (what === 'commit transaction' && weather.strikes('end of transaction lost')) {
      const when = dice.chance(0.5) ? ('lost' as const) : ('unanswered' as const);
      return { ...swift, failure: { when, error: errorOf(codes.network) } };
    }
    if (what.startsWith('produce')) return { ...swift, ...this.#produceTrip(what, deadline) };
    if (weather.strikes('leader moves'))
      return { ...swift, failure: { when: 'lost', error: errorOf(codes.notLeader) } };
    return swift;
  }

  /** Whether a partition that took a batch answers as if it had not: at least once, so it may come twice. */
  leaderMoves(): boolean {
    return this.#weather.strikes('leader moves');
  }

  calm(): void {
    this.#downUntil = 0;
    this.#refusedUntil.clear();
  }

  #produceTrip(what: string, deadline: Deadline): Partial<Trip> {
    const dice = this.#dice;
    if (what.endsWith('-dlq')) {
      if (this.#weather.strikes('dead-letter topic down'))
        this.#refusedUntil.set(what, this.#agenda.now + dice.between(1_000, 600_000));
      if (this.#agenda.now < (this.#refusedUntil.get(what) ?? 0))
        return { failure: { when: 'lost', error: errorOf(codes.network) } };
    }
    if (!this.#weather.strikes('produce answer lost')) return {};
    const back = Math.min(deadline.remaining(), dice.between(1_000, requestTimeoutMs));
    return { back, failure: { when: 'unanswered', error: errorOf(codes.network) } };
  }
}
