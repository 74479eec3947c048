import { RetriableError } from '../../api/errors.ts';
import type { OffsetMap } from '../../api/record.ts';
import { topicPartition } from '../../api/topic-partition.ts';
import { writeOffsetRecord } from '../../converters/offsets-topic.ts';
import { partitionForKey } from '../../kafka/partitioner.ts';
import type { CallOptions, FetchedPartition, KafkaClient } from '../../kafka/ports.ts';
import { type LogPlace, partitionId } from '../../storage/items/offsets.ts';
import { type LoggedOffset, readLoggedOffset } from './logged-offset.ts';

export interface WantedOffset {
  readonly partition: OffsetMap;
  /** A place the record is known to be at or behind; undefined: it may be anywhere. */
  readonly since?: LogPlace;
}

/** What was read of one partition, from an offset on to the end there was then. */
interface Extract {
  readonly from: bigint;
  readonly offsets: ReadonlyMap<string, LoggedOffset>;
}

interface Position {
  readonly partition: number;
  next: bigint;
  readonly end: bigint;
  readonly offsets: Map<string, LoggedOffset>;
}

const maxBytes = 8 * 1024 * 1024;
const maxWaitMs = 500;
const offsetOutOfRange = 1;

/**
 * Reads what is committed for source partitions of one connector on one offsets topic, by a run that has fenced every
 * other writer of these records. Only the partitions of the topic are read that the keys belong to, only from where the
 * table saw a record last, and each stretch once: what is read of other partitions of the connector is kept.
 */
export class OffsetsLogReader {
  readonly #kafka: KafkaClient;
  readonly #connector: string;
  readonly #topic: string;
  readonly #partitions: number;
  readonly #extracts = new Map<number, Extract>();

  constructor(kafka: KafkaClient, place: { connector: string; topic: string; partitions: number }) {
    this.#kafka = kafka;
    this.#connector = place.connector;
    this.#topic = place.topic;
    this.#partitions = place.partitions;
  }

  /** By the id of the source partition; those without a record are left out. */
  async find(wanted: readonly WantedOffset[], call: CallOptions): Promise<ReadonlyMap<string, LoggedOffset>> {
    const stretches = new Map<number, bigint>();
    for (const each of wanted) this.#need(each, stretches);
    await this.#read(stretches, call);
    const found = new Map<string, LoggedOffset>();
    for (const { partition } of wanted) {
      const id = partitionId(partition);
      for (const { offsets } of this.#extracts.values()) {
        const logged = offsets.get(id);
        const before = found.get(id);
        if (logged !== undefined && (before === undefined || (logged.epoch ?? -1) > (before.epoch ?? -1)))
          found.set(id, logged);
      }
    }
    return found;
  }

  /** The key's own partition, and that of the last known record where the topic has got more partitions since. */
  #need({ partition, since }: WantedOffset, stretches: Map<number, bigint>): void {
    const { key } = writeOffsetRecord(this.#connector, partition, null);
    const own = partitionForKey(key, this.#partitions);
    const known = since?.topic === this.#topic && since.partition < this.#partitions ? since : undefined;
    const places = known === undefined ? [] : [[known.partition, known.offset] as const];
    if (known?.partition !== own) places.push([own, 0n]);
    for (const [at, from] of places) {
      const before = stretches.get(at) ?? this.#extracts.get(at)?.from;
      if (before === undefined || from < before) stretches.set(at, from);
    }
  }

  async #read(stretches: ReadonlyMap<number, bigint>, call: CallOptions): Promise<void> {
    if (stretches.size === 0) return;
    const positions = await this.#positions(stretches, call);
    for (;;) {
      const left = positions.filter(({ next, end }) => next < end);
      if (left.length === 0) break;
      call.signal?.throwIfAborted();
      if (call.deadline.expired) throw this.#tooLate(left);
      const assignments = left.map(({ partition, next: offset }) => ({
        topic: this.#topic,
        partition,
        offset,
      }));
      const wait = Math.min(maxWaitMs, call.deadline.remaining());
      const request = {
        assignments,
        maxBytes,
        minBytes: 1,
        maxWaitMs: wait,
        isolation: 'read_committed',
      } as const;
      const fetched = await this.#kafka.fetch(request, call);
      for (const position of left) {
        const answer = fetched.get(topicPartition(this.#topic, position.partition));
        if (answer !== undefined) this.#take(position, answer);
      }
    }
    for (const { partition, offsets } of positions)
      this.#extracts.set(partition, { from: stretches.get(partition) ?? 0n, offsets });
  }

  /**
   * To the end for readers of uncommitted records: what is committed may lie behind an open transaction of another
   * task, and has to be waited for.
   */
  async #positions(stretches: ReadonlyMap<number, bigint>, call: CallOptions): Promise<Position[]> {
    const partitions = [...stretches.keys()];
    const ask = async (at: 'earliest' | 'latest') =>
      this.#kafka.listOffsets(
        partitions.map((partition) => ({ topic: this.#topic, partition, at })),
        call,
      );
    const [starts, ends] = [await ask('earliest'), await ask('latest')];
    return partitions.map((partition) => {
      const id = topicPartition(this.#topic, partition);
      const [start, end] = [starts.get(id), ends.get(id)];
      const error = start?.error ?? end?.error;
      if (error !== undefined) throw error;
      const first = start?.offset ?? 0n;
      const from = stretches.get(partition) ?? 0n;
      return { partition, next: from > first ? from : first, end: end?.offset ?? 0n, offsets: new Map() };
    });
  }

  #take(position: Position, { error, records, nextOffset }: FetchedPartition): void {
    if (error?.kafkaCode === offsetOutOfRange) {
      throw new RetriableError(
        `Records of the offsets topic ${this.#topic} were deleted while it was being read`,
        {
          cause: error,
        },
      );
    }
    if (error !== undefined) throw error;
    for (const record of records) {
      if (record.offset < position.next) continue;
      const read = readLoggedOffset(this.#connector, record, {
        topic: this.#topic,
        partition: position.partition,
      });
      if (read !== undefined) position.offsets.set(read.id, read.logged);
    }
    position.next = nextOffset > position.next ? nextOffset : position.next;
  }

  #tooLate(left: readonly Position[]): RetriableError {
    const places = left.map(({ partition, next, end }) => `partition ${partition} at ${next} of ${end}`);
    return new RetriableError(
      `The offsets topic ${this.#topic} could not be read to its end in time: ${places.join(', ')}`,
      {
        hint: 'An open transaction of another task can hold readers up until its timeout; a topic that is not compacted grows without end: look at its cleanup.policy.',
      },
    );
  }
}
