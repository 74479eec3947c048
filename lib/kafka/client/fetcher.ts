import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { errorOf } from '../error-codes.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions, FetchedPartition, FetchRequest } from '../ports.ts';
import type { ResponseOf } from '../protocol/api.ts';
import { fetchApi } from '../protocol/record-apis.ts';
import { readBatches } from '../record-batch/read-batches.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { ClientContext } from './client-context.ts';
import type { Cluster } from './cluster.ts';
import { Lanes } from './lanes.ts';
import { byLeader, byTopic } from './group-by-leader.ts';
import { backoffMs, patienceOf } from './retry.ts';
import { within } from './within.ts';

type Assignment = FetchRequest['assignments'][number];
type PartitionAnswer = ResponseOf<typeof fetchApi>['topics'][number]['partitions'][number];
type Fetched = Map<TopicPartition, FetchedPartition>;
/** `lane` says which of the connections to a broker it takes. */
type RoundRequest = FetchRequest & { readonly lane: number };

/** Kafka's default max.partition.fetch.bytes. */
const defaultPartitionBytes = 1_048_576;
/** What is asked for at once, whatever a config allows: an answer has to be below `maxAnswerBytes`, and held in memory. */
export const largestFetchBytes = 100 * 1024 * 1024;
/**
 * With several brokers no long poll lasts longer than this, so that records of one are not held back by the
 * silence of another. A poll left in flight instead would be there when the process is frozen (K6).
 */
const sharedPollMs = 200;
/** Beyond the long poll itself, for the way there and back. */
const answerMarginMs = 10_000;
/** A long poll ends so long before the deadline, so that an empty answer still comes in time. */
const deadlineReserveMs = 500;

/** So long a partition in trouble is only left out of an answer that has others; then it is told. */
const quietTroubleMs = 30_000;

/** Group-less, session-less fetching: one Fetch per broker, in parallel, decoded by our own codec. */
export class Fetcher {
  readonly #context: ClientContext;
  readonly #cluster: Cluster;
  readonly #lanes = new Lanes();
  /** Monotonic milliseconds since when a partition could not be read. */
  readonly #troubledSince = new Map<TopicPartition, number>();
  #turns = 0;

  constructor(context: ClientContext, cluster: Cluster) {
    this.#context = context;
    this.#cluster = cluster;
  }

  /**
   * Answers as soon as any partition has moved on; else after `maxWaitMs`. Partitions that fail for a reason that
   * passes are tried again meanwhile, and longer than `maxWaitMs` only while no partition can be read at all.
   */
  async fetch(request: FetchRequest, call: CallOptions): Promise<Fetched> {
    if (request.assignments.length === 0) return new Map();
    return this.#lanes.run((lane) => this.#rounds({ ...request, lane }, call));
  }

  async #rounds(request: RoundRequest, call: CallOptions): Promise<Fetched> {
    const { clock } = this.#context;
    const start = clock.monotonic();
    const fetched: Fetched = new Map();
    for (let attempt = 0; ; attempt++) {
      const elapsed = clock.monotonic() - start;
      const left = Math.max(
        0,
        Math.min(request.maxWaitMs - elapsed, call.deadline.remaining() - deadlineReserveMs),
      );
      await this.#round({ ...request, maxWaitMs: left }, call, fetched);
      const answers = [...fetched.values()];
      const troubled = answers.filter(({ error }) => error?.retriable);
      const moved = request.assignments.some(
        (at) => (fetched.get(keyOf(at))?.nextOffset ?? at.offset) > at.offset,
      );
      const failed = answers.some(({ error }) => error && !error.retriable);
      const waited = clock.monotonic() - start;
      const idle = troubled.length < answers.length && (left === 0 || waited >= request.maxWaitMs);
      if (moved || failed || idle) return this.#told(fetched);
      if (troubled.length === 0) continue;
      const pause = backoffMs(attempt, this.#context);
      const impatient = troubled.every(({ error }) => error && waited + pause > patienceOf(error));
      if (impatient || call.deadline.remaining() <= pause) return this.#told(fetched);
      await clock.sleep(pause, call.signal);
    }
  }

  /**
   * Trouble that passes, a leader on the move, is not worth an error while other partitions are well: the partition
   * is left out. The call throws only when nothing can be said about any partition.
   */
  #told(fetched: Fetched): Fetched {
    const now = this.#context.clock.monotonic();
    const errors = [...fetched.values()].map(({ error }) => error);
    if (errors[0] && errors.every((error) => error && error.topic === undefined)) throw errors[0];
    const allTroubled = errors.every((error) => error?.retriable);
    for (const [key, { error }] of fetched) {
      if (!error?.retriable) {
        this.#troubledSince.delete(key);
        continue;
      }
      const since = this.#troubledSince.get(key) ?? now;
      this.#troubledSince.set(key, since);
      if (allTroubled || now - since >= Math.min(patienceOf(error), quietTroubleMs)) continue;
      this.#context.log.debug('Kafka partition cannot be read for now', {
        partition: key,
        error: error.kafkaName,
      });
      fetched.delete(key);
    }
    return fetched;
  }

  async #round(request: RoundRequest, call: CallOptions, fetched: Fetched): Promise<void> {
    call.signal?.throwIfAborted();
    try {
      await this.#cluster.learn(new Set(request.assignments.map(({ topic }) => topic)), call);
    } catch (error) {
      this.#failed(request.assignments, error, fetched);
      return;
    }
    const { led, leaderless } = byLeader(request.assignments, this.#cluster);
    for (const { ask, error } of leaderless) this.#failed([ask], error, fetched);
    const alone = led.size === 1 && leaderless.length === 0;
    const maxWaitMs = alone ? request.maxWaitMs : Math.min(request.maxWaitMs, sharedPollMs);
    const first = this.#turns++;
    await Promise.all(
      [...led].map(([nodeId, assignments]) => {
        // KIP-74: a broker fills the answer in the order asked. The first partition changes, so that none starves.
        const turn = first % assignments.length;
        const ofNode = [...assignments.slice(turn), ...assignments.slice(0, turn)];
        return this.#fetchFrom(nodeId, { ...request, assignments: ofNode, maxWaitMs }, call, fetched);
      }),
    );
  }

  async #fetchFrom(
    nodeId: number,
    request: RoundRequest,
    call: CallOptions,
    fetched: Fetched,
  ): Promise<void> {
    let connection: BrokerConnection | undefined;
    try {
      connection = await this.#cluster.connectionTo(nodeId, `fetches ${request.lane}`, call);
      const timeoutMs = request.maxWaitMs + answerMarginMs;
      const answer = await within(
        connection.request(fetchApi, wireRequest(request), { timeoutMs, clientId: request.clientId }),
        call,
        this.#context.clock,
      );
      if (answer.errorCode !== 0) throw errorOf(answer.errorCode);
      const asked = new Map(request.assignments.map((at) => [keyOf(at), at]));
      for (const { topic, partitions } of answer.topics) {
        for (const partition of partitions) {
          const assignment = asked.get(topicPartition(topic, partition.partition));
          if (assignment) fetched.set(keyOf(assignment), this.#read(assignment, partition, request));
        }
      }
    } catch (error) {
      // An abandoned long poll would hold up the next fetch, and be in flight when the process is frozen (K6).
      if (call.signal?.aborted || call.deadline.expired) connection?.destroy();
      this.#failed(request.assignments, error, fetched);
    }
  }

  #read(assignment: Assignment, answer: PartitionAnswer, { isolation }: FetchRequest): FetchedPartition {
    const { topic, partition, offset } = assignment;
    const { highWatermark, lastStableOffset, logStartOffset, batches } = answer;
    const watermarks = { highWatermark, lastStableOffset, logStartOffset };
    if (answer.errorCode !== 0) {
      const error = errorOf(answer.errorCode, { topic, partition });
      if (error.retriable) this.#cluster.markStale();
      return { records: [], nextOffset: offset, ...watermarks, error };
    }
    try {
      const bytes = batches[0] ?? Buffer.alloc(0);
      return {
        ...readBatches({ bytes, fromOffset: offset, isolation, aborted: answer.aborted ?? [] }),
        ...watermarks,
      };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { records: [], nextOffset: offset, ...watermarks, error: placed(error, topic, partition) };
    }
  }

  /** Failures of Kafka become the partitions' answer, so that the others keep theirs; anything else is thrown. */
  #failed(assignments: readonly Assignment[], error: unknown, fetched: Fetched): void {
    if (!(error instanceof KafkaError)) throw error;
    this.#cluster.markStale();
    for (const assignment of assignments) {
      fetched.set(keyOf(assignment), {
        records: [],
        nextOffset: assignment.offset,
        highWatermark: -1n,
        lastStableOffset: -1n,
        logStartOffset: -1n,
        error,
      });
    }
  }
}

const keyOf = ({ topic, partition }: Assignment): TopicPartition => topicPartition(topic, partition);

function placed(error: KafkaError, topic: string, partition: number): KafkaError {
  const { kafkaCode, kafkaName, retriable, hint, cause } = error;
  const details = { kafkaCode, kafkaName, retriable, topic, partition, cause };
  return new KafkaError(
    `Partition ${partition} of topic ${topic}: ${error.message}`,
    hint === undefined ? details : { ...details, hint },
  );
}

function wireRequest(request: FetchRequest) {
  const maxPartitionBytes = request.maxPartitionBytes ?? defaultPartitionBytes;
  return {
    replicaId: -1,
    maxWaitMs: Math.ceil(request.maxWaitMs),
    minBytes: request.minBytes,
    maxBytes: Math.min(request.maxBytes, largestFetchBytes),
    isolationLevel: request.isolation === 'read_committed' ? 1 : 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: byTopic(request.assignments, ({ partition, offset }) => ({
      partition,
      leaderEpoch: -1,
      fetchOffset: offset,
      logStartOffset: -1n,
      maxBytes: maxPartitionBytes,
    })),
    forgotten: [],
    rackId: '',
  };
}
