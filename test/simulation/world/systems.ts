import { RetriableError } from '../../../lib/api/errors.ts';
import type { Agenda } from '../engine/agenda.ts';
import type { Dice } from '../engine/dice.ts';
import type { Trip } from '../engine/process.ts';
import type { Weather } from '../faults/weather.ts';
import type { Actor } from './actor.ts';

/** One part of a source, such as a table: rows 0 to `rows` − 1 are there to be read. */
export interface Part {
  readonly name: string;
  rows: number;
  /** Rows no converter can take. */
  readonly poison: Set<number>;
  isPresent: boolean;
}

/** What lies outside of Kafka: the systems sources read from and sinks write to, one of each for every connector. */
export class Systems {
  readonly parts = new Map<string, Map<string, Part>>();
  /** Connector → topic-partition → offset → value. */
  readonly stored = new Map<string, Map<string, Map<bigint, string>>>();
  readonly #downUntil = new Map<string, number>();
  readonly #agenda: Agenda;
  readonly #dice: Dice;
  readonly #weather: Weather;

  constructor({ agenda, dice, weather }: { agenda: Agenda; dice: Dice; weather: Weather }) {
    this.#agenda = agenda;
    this.#dice = dice;
    this.#weather = weather;
  }

  partsOf(connector: string): Map<string, Part> {
    let parts = this.parts.get(connector);
    if (parts === undefined) this.parts.set(connector, (parts = new Map()));
    return parts;
  }

  storedOf(connector: string, partition: string): Map<bigint, string> {
    let partitions = this.stored.get(connector);
    if (partitions === undefined) this.stored.set(connector, (partitions = new Map()));
    let records = partitions.get(partition);
    if (records === undefined) partitions.set(partition, (records = new Map()));
    return records;
  }

  /** A call to the system of a connector, by one of its tasks or plans. */
  call<T>(actor: Actor, what: string, signal: AbortSignal, apply: () => T): Promise<T> {
    return actor.process.call(what, { ...this.#trip(actor.connector ?? ''), signal }, apply);
  }

  calm(): void {
    this.#downUntil.clear();
  }

  #trip(connector: string): Trip {
    const dice = this.#dice;
    const swift = { out: dice.between(1, 20), back: dice.between(1, 20) };
    if (this.#weather.isCalm) return swift;
    if (this.#weather.strikes('system down')) {
      const hours = dice.chance(0.3) ? dice.between(1, 3) * 3_600_000 : dice.between(1, 600) * 1_000;
      this.#downUntil.set(connector, this.#agenda.now + hours);
    }
    if (this.#agenda.now >= (this.#downUntil.get(connector) ?? 0)) return swift;
    const error = new RetriableError(`The system of ${connector} cannot be reached`);
    const when = dice.chance(0.3) ? ('unanswered' as const) : ('lost' as const);
    return { ...swift, back: dice.between(20, 5_000), failure: { when, error } };
  }
}
