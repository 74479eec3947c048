import type { Actor } from '../world/actor.ts';
import type { Appended } from '../world/kafka.ts';
import { type Item, type Key } from '../../../lib/storage/table.ts';
import { offsetKey, offsetsPk } from '../../../lib/storage/items/offsets.ts';
import { parseRow } from '../world/source-plugin.ts';
import type { Change } from '../world/store.ts';
import type { Part, Systems } from '../world/systems.ts';
import { textOf } from '../world/text-converter.ts';
import type { Evidence } from './evidence.ts';
import type { Verdict } from './verdict.ts';

/** Where one run is in one part: the row it began at, and the one it must bring next. */
interface Reading {
  next: number;
}

export interface SourceLedgerParts {
  readonly systems: Systems;
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  /** What is appended is what a transaction has committed, each row once. */
  readonly isExact: boolean;
}

/**
 * What sources promise: an offset is stored only over rows that are in Kafka or were skipped as configured
 * (Invariants 1 and 5), it moves only forward (3), a run begins where the last commit ended, leaves no row out and
 * brings none twice: so what comes twice is just what was not committed.
 */
export class SourceLedger {
  readonly #inKafka = new Map<string, Set<number>>();
  readonly #letters = new Map<string, Set<number>>();
  readonly #readings = new WeakMap<Actor, Map<string, Reading>>();
  readonly #systems: Systems;
  readonly #evidence: Evidence;
  readonly #verdict: Verdict;
  readonly #isExact: boolean;
  /** Exactly once: the next row of each part, over all runs. */
  readonly #exact = new Map<string, Reading>();
  /** Every row that ever was poison: mended ones were skipped rightly. */
  readonly everPoison = new Set<string>();
  appended = 0;
  duplicates = 0;

  constructor({ systems, evidence, verdict, isExact }: SourceLedgerParts) {
    this.#systems = systems;
    this.#evidence = evidence;
    this.#verdict = verdict;
    this.#isExact = isExact;
  }

  isInKafka(connector: string, part: string, row: number): boolean {
    return this.#inKafka.get(`${connector}/${part}`)?.has(row) === true;
  }

  isLettered(connector: string, part: string, row: number): boolean {
    return this.#letters.get(`${connector}/${part}`)?.has(row) === true;
  }

  /** A run reads where to begin. */
  offsetRead(by: Actor, { pk, sk }: Key, item: Item | undefined): void {
    const { connector = '' } = by;
    if (by.role !== 'run' || pk !== offsetsPk(connector)) return;
    for (const part of this.#systems.partsOf(connector).keys())
      if (offsetKey(connector, { part }).sk === sk) this.#readingsOf(by).set(part, { next: nextOf(item) });
  }

  /** A run claims where to begin, or stores how far it has come. */
  offsetChanged({ before, after, by }: Change, connector: string, part: string): void {
    if (after === undefined || by?.role !== 'run') return;
    if (before?.['offset'] === after['offset']) {
      this.#readingsOf(by).set(part, { next: nextOf(after) });
      return;
    }
    const from = nextOf(before);
    const to = nextOf(after);
    if (to < from)
      this.#verdict.broken('Invariant 3', `${by.process.name} moves ${part} back from ${from} to ${to}`);
    // Exactly once: what Kafka has committed was judged then, and the table only follows.
    const judged = this.#isExact ? Math.max(from, this.#exactly(`${connector}/${part}`).next) : from;
    for (let row = judged; row < to; row++) this.#checkRow(by, { connector, part, row });
  }

  recordsAppended({ by, records }: Appended): void {
    const { connector = '' } = by;
    for (const { topic, key, value } of records) {
      if (topic.endsWith('-offsets')) {
        this.#offsetCommitted(by, textOf(key), textOf(value));
        continue;
      }
      const row = parseRow(textOf(value));
      if (row === undefined) continue;
      const book = topic.endsWith('-dlq') ? this.#letters : this.#inKafka;
      const id = `${connector}/${row.name}`;
      const rows = book.get(id) ?? new Set();
      book.set(id, rows);
      if (book === this.#inKafka && topic.endsWith('-out')) this.#brought(by, row);
      if (book === this.#inKafka && rows.has(row.row)) this.duplicates++;
      rows.add(row.row);
    }
  }

  #brought(by: Actor, { name, row }: { name: string; row: number }): void {
    this.appended++;
    const reading = this.#isExact ? this.#exactly(`${by.connector}/${name}`) : this.#readingsOf(by).get(name);
    if (reading === undefined)
      return this.#verdict.broken(
        'Invariant 4',
        `${by.process.name} brings ${name}#${row} of which it has read no offset`,
      );
    if (row < reading.next)
      this.#verdict.broken(
        this.#isExact ? 'exactly once' : 'duplicates are bounded',
        `${by.process.name} brings ${name}#${row} again; its next row is ${reading.next}`,
      );
    for (let skipped = reading.next; skipped < row; skipped++) {
      const why = this.#whyNotSkipped(by, { connector: by.connector ?? '', part: name, row: skipped });
      if (why !== undefined)
        this.#verdict.broken(
          'nothing is skipped',
          `${by.process.name} leaves out ${name}#${skipped}: ${why}`,
        );
    }
    reading.next = row + 1;
  }

  /** A record of the offsets topic, committed together with the rows before it. */
  #offsetCommitted(by: Actor, key: string, value: string): void {
    const [connector, { part }] = JSON.parse(key) as [string, { part: string }];
    const { next } = JSON.parse(value) as { next: number };
    const reading = this.#exactly(`${connector}/${part}`);
    if (next < reading.next)
      this.#verdict.broken(
        'exactly once',
        `${by.process.name} commits ${part} at ${next} in Kafka, which was at ${reading.next}`,
      );
    for (let row = reading.next; row < next; row++) this.#checkRow(by, { connector, part, row });
    reading.next = Math.max(reading.next, next);
  }

  #exactly(id: string): Reading {
    let reading = this.#exact.get(id);
    if (reading === undefined) this.#exact.set(id, (reading = { next: 0 }));
    return reading;
  }

  #checkRow(by: Actor, place: { connector: string; part: string; row: number }): void {
    const { connector, part, row } = place;
    if (this.isInKafka(connector, part, row)) return;
    const why = this.#whyNotSkipped(by, place);
    if (why !== undefined)
      this.#verdict.broken('Invariant 1', `${by.process.name} commits ${part} over row ${row}: ${why}`);
  }

  /** Undefined: the row may be left out. */
  #whyNotSkipped(
    by: Actor,
    { connector, part, row }: { connector: string; part: string; row: number },
  ): string | undefined {
    if (!this.everPoison.has(`${connector}/${part}#${row}`)) return 'it is not in Kafka';
    const config = this.#evidence.configOf(by);
    if (config['errors.tolerance'] !== 'all') return 'it is poison, and none is tolerated';
    const wantsLetter = config['errors.deadletterqueue.topic.name'] !== undefined;
    return wantsLetter && !this.isLettered(connector, part, row) ? 'it has no dead letter' : undefined;
  }

  #readingsOf(actor: Actor): Map<string, Reading> {
    let readings = this.#readings.get(actor);
    if (readings === undefined) this.#readings.set(actor, (readings = new Map()));
    return readings;
  }

  /** Parts of a source with rows that are still to be committed; those below a commit were checked then. */
  behind(connector: string, committed: (part: string) => number, isTolerant: boolean): string[] {
    const isDue = (part: Part, row: number): boolean =>
      !(isTolerant && this.everPoison.has(`${connector}/${part.name}#${row}`));
    return [...this.#systems.partsOf(connector).values()]
      .filter((part) => part.isPresent)
      .filter((part) => range(committed(part.name), part.rows).some((row) => isDue(part, row)))
      .map((part) => part.name);
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

export const nextOf = (item: Change['before']): number => {
  const offset = item?.['offset'];
  return typeof offset === 'string' ? Number((JSON.parse(offset) as { next?: number }).next ?? 0) : 0;
};
