import type { Dice } from '../engine/dice.ts';
import type { MemoryTransaction } from '../../../lib/kafka/memory/memory-log.ts';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import type { SinkLedger } from '../checks/sink-ledger.ts';
import type { SourceLedger } from '../checks/source-ledger.ts';
import type { Kafka } from '../world/kafka.ts';
import type { Setting } from '../world/setting.ts';
import type { Part, Systems } from '../world/systems.ts';
import { bytesOf } from '../world/text-converter.ts';
import { type ConnectorSpec, inTopic } from './connector-spec.ts';

export interface LifeParts {
  readonly setting: Setting;
  readonly systems: Systems;
  readonly kafka: Kafka;
  readonly sources: SourceLedger;
  readonly sinks: SinkLedger;
}

/** What goes on outside while connectors run: rows appear in sources, other producers bring records for sinks. */
export class Life {
  readonly #parts: LifeParts;
  #renamed = 0;
  #open: { transaction: MemoryTransaction; ends: (state: 'committed' | 'aborted') => void }[] = [];

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  begin({ name, kind }: ConnectorSpec): void {
    const { dice } = this.#parts.setting;
    if (kind === 'source') {
      for (let part = dice.between(1, 4); part > 0; part--) this.addPart(name);
    } else {
      this.#parts.kafka.memory.createTopic({ topic: inTopic(name), partitions: partitions(dice) });
      for (let n = dice.pick([0, 1, 4, 12]); n > 0; n--) this.#produce(name);
    }
    this.#goOn({ name, kind });
  }

  addPart(connector: string): Part {
    const parts = this.#parts.systems.partsOf(connector);
    const part: Part = { name: `p${parts.size}`, rows: 0, poison: new Set(), isPresent: true };
    parts.set(part.name, part);
    // Now and then a backlog, so that a run has much to do.
    for (let n = this.#parts.setting.dice.pick([1, 1, 4, 12]); n > 0; n--) this.#addRows(connector, part);
    return part;
  }

  dropPart(connector: string): string | undefined {
    const present = [...this.#parts.systems.partsOf(connector).values()].filter((part) => part.isPresent);
    if (present.length < 2) return undefined;
    const part = this.#parts.setting.dice.pick(present);
    part.isPresent = false;
    return part.name;
  }

  /** The rows are under another name now, to be read from the beginning. */
  renamePart(connector: string): string | undefined {
    const dropped = this.dropPart(connector);
    if (dropped === undefined) return undefined;
    const parts = this.#parts.systems.partsOf(connector);
    const old = parts.get(dropped);
    const name = `${dropped}r${++this.#renamed}`;
    parts.set(name, { name, rows: old?.rows ?? 0, poison: new Set(), isPresent: true });
    return `${dropped} to ${name}`;
  }

  /** Every part that cannot be converted is mended; records in Kafka stay as they are. */
  mend(connector: string): void {
    for (const part of this.#parts.systems.partsOf(connector).values()) part.poison.clear();
  }

  /** Other producers end their transactions. */
  calm(): void {
    for (const { ends } of this.#open) ends('committed');
    this.#open = [];
  }

  #goOn(spec: ConnectorSpec): void {
    const { agenda, dice, weather } = this.#parts.setting;
    if (weather.isCalm) return;
    if (spec.kind === 'source') {
      const present = [...this.#parts.systems.partsOf(spec.name).values()].filter((part) => part.isPresent);
      this.#addRows(spec.name, dice.pick(present));
    } else {
      this.#produce(spec.name);
    }
    agenda.after(dice.between(2_000, 45_000), () => this.#goOn(spec));
  }

  #addRows(connector: string, part: Part): void {
    const { dice, weather } = this.#parts.setting;
    for (let n = dice.between(1, 6); n > 0; n--) {
      if (weather.strikes('poison record')) {
        part.poison.add(part.rows);
        this.#parts.sources.everPoison.add(`${connector}/${part.name}#${part.rows}`);
      }
      part.rows++;
    }
  }

  #produce(connector: string): void {
    const { setting, kafka } = this.#parts;
    const { agenda, dice, weather } = setting;
    const topic = inTopic(connector);
    const partition = dice.between(0, (kafka.memory.topics.get(topic)?.partitions.length ?? 1) - 1);
    const log = kafka.memory.partition(topic, partition);
    const isTransaction = weather.strikes('foreign transaction');
    const transaction: MemoryTransaction | undefined = isTransaction ? { state: 'open' } : undefined;
    for (let n = dice.between(1, 6); n > 0; n--) this.#record(topic, partition, transaction);
    if (transaction === undefined || log === undefined) return;
    const ends = (state: 'committed' | 'aborted'): void => {
      if (transaction.state !== 'open') return;
      transaction.state = state;
      log.appendMarker(transaction);
    };
    this.#open.push({ transaction, ends });
    agenda.after(dice.between(1_000, 120_000), () => ends(dice.chance(0.5) ? 'committed' : 'aborted'));
  }

  #record(topic: string, partition: number, transaction: MemoryTransaction | undefined): void {
    const { setting, kafka, sinks } = this.#parts;
    const { weather } = setting;
    const kind = weather.strikes('poison record')
      ? 'poison'
      : weather.strikes('record refused by the target')
        ? 'refuse'
        : 'row';
    const id = topicPartition(topic, partition);
    const records = sinks.incoming.get(id) ?? new Map();
    sinks.incoming.set(id, records);
    const offset = kafka.memory.endOffset(topic, partition);
    const text = `${kind}:${id}#${offset}`;
    kafka.append(topic, partition, bytesOf(text), transaction);
    records.set(offset, { text, transaction });
  }
}

/** Now and then as many as do not fit into one page of offsets. */
const partitions = (dice: Dice): number => (dice.chance(0.1) ? dice.between(31, 34) : dice.between(1, 4));
