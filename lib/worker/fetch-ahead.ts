import type { TopicPartition } from '../api/topic-partition.ts';
import type { CallOptions, FetchedPartition, FetchRequest, KafkaClient } from '../kafka/ports.ts';

type Fetched = Map<TopicPartition, FetchedPartition>;

/**
 * Fetches the next records while the last ones are delivered. Only where Kafka is known to have more, so that the
 * answer comes at once: a run must not end, or freeze, with a long poll under way.
 */
export class FetchAhead {
  readonly #kafka: Pick<KafkaClient, 'fetch'>;
  readonly #call: CallOptions;
  #ahead: { readonly request: FetchRequest; readonly answer: Promise<Fetched> } | undefined;

  constructor(kafka: Pick<KafkaClient, 'fetch'>, call: CallOptions) {
    this.#kafka = kafka;
    this.#call = call;
  }

  /** What was fetched ahead if it is just that; else a new fetch. */
  async fetch(request: FetchRequest): Promise<Fetched> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined && asksTheSame(ahead.request, request)) return ahead.answer;
    // Worthless: partitions were paused, resumed or moved meanwhile.
    if (ahead !== undefined) await settled(ahead.answer);
    return this.#kafka.fetch(request, this.#call);
  }

  begin(request: FetchRequest): void {
    if (this.#ahead !== undefined) return;
    const answer = this.#kafka.fetch(request, this.#call);
    this.#ahead = { request, answer };
    // Whoever asks for it is told of a failure; nobody may.
    void settled(answer);
  }

  /** Nothing is under way afterwards. */
  async close(): Promise<void> {
    if (this.#ahead !== undefined) await settled(this.#ahead.answer);
    this.#ahead = undefined;
  }
}

const settled = async (answer: Promise<unknown>): Promise<void> => void (await Promise.allSettled([answer]));

function asksTheSame(a: FetchRequest, b: FetchRequest): boolean {
  if (a.assignments.length !== b.assignments.length) return false;
  return a.assignments.every(({ topic, partition, offset }, i) => {
    const other = b.assignments[i];
    return other?.topic === topic && other.partition === partition && other.offset === offset;
  });
}
