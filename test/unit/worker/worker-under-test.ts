import type { Plugin } from '../../../lib/api/connector.ts';
import type { ConverterPlugin } from '../../../lib/api/converter.ts';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { CoordinatorDeps } from '../../../lib/coordinator/pass.ts';
import type { CadencePolicy } from '../../../lib/coordinator/schedule.ts';
import { tick } from '../../../lib/coordinator/tick.ts';
import { lambdaTiming } from '../../../lib/coordinator/timing.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { createLogger, type LogLine } from '../../../lib/foundation/logger.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { MemoryClient } from '../../../lib/kafka/memory/memory-client.ts';
import { MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import type { KafkaClient } from '../../../lib/kafka/ports.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { clusterState, type ClusterState } from '../../../lib/storage/items/cluster-state.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Table } from '../../../lib/storage/table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { handleWorkerRequest } from '../../../lib/worker/worker.ts';
import { lambdaWorkerTiming, type WorkerDeps } from '../../../lib/worker/worker-deps.ts';

const utf8 = { encode: new TextEncoder(), decode: new TextDecoder() };

/** The plainest converter: text. */
export const textConverter: ConverterPlugin = {
  kind: 'converter',
  class: 'test.Text',
  version: '1',
  configDef: new ConfigDef({}),
  create: () => ({
    fromConnectData: (_topic, _schema, value) => (value === null ? null : utf8.encode.encode(String(value))),
    toConnectData: (_topic, bytes) => ({
      schema: null,
      value: bytes === null ? null : utf8.decode.decode(bytes),
    }),
  }),
  createHeader: () => ({
    fromConnectHeader: (_topic, _key, _schema, value) => utf8.encode.encode(String(value)),
    toConnectHeader: (_topic, _key, bytes) => ({
      schema: null,
      value: bytes === null ? null : utf8.decode.decode(bytes),
    }),
  }),
};
const converters = {
  'key.converter': 'test.Text',
  'value.converter': 'test.Text',
  'header.converter': 'test.Text',
};

/** Wraps what a worker process sees of the world: the table and Kafka. */
export type Mortality = (world: { table: Table; kafka: KafkaClient }) => { table: Table; kafka: KafkaClient };

/** Coordinator and worker processes over memory table and memory Kafka, on a virtual clock. */
export class WorkerUnderTest {
  readonly clock: VirtualClock = new VirtualClock();
  readonly table: Table = memoryTable();
  readonly state: ClusterState = clusterState(this.table);
  readonly kafka: MemoryKafka = new MemoryKafka({ clock: this.clock });
  readonly log: LogLine[] = [];
  readonly stop: AbortController = new AbortController();
  /** For the next worker process; the one after is ordinary again. */
  mortality: Mortality | undefined;
  readonly #registry: PluginRegistry;
  readonly #cadence: CadencePolicy;
  readonly #random = seededRandom(7);

  constructor(
    plugins: readonly Plugin[],
    cadence: CadencePolicy = { mode: 'drain', rediscoveryMs: 300_000 },
  ) {
    this.#registry = new PluginRegistry([...plugins, textConverter]);
    this.#cadence = cadence;
  }

  async create(name: string, className: string, config: Record<string, string> = {}): Promise<void> {
    const type = this.#registry.connector(className).kind;
    await this.state.connectors.create(
      {
        name,
        uid: this.#random.token(),
        type,
        targetState: 'RUNNING',
        worker: { functionName: 'f', version: '1' },
        config: { name, 'connector.class': className, ...converters, ...config },
      },
      this.clock.now(),
      this.#random.token(),
    );
  }

  /** A tick a minute; between them whatever runs goes on. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      await tick(this.#coordinator());
      await this.clock.advance(60_000);
    }
  }

  records(topic: string): string[] {
    return this.kafka
      .records(topic)
      .map(({ value }) => (value === null ? 'null' : utf8.decode.decode(value)));
  }

  produce(topic: string, values: readonly string[]): void {
    for (const value of values) {
      this.kafka.append({
        topic,
        partition: 0,
        key: null,
        value: utf8.encode.encode(value),
        timestamp: null,
      });
    }
  }

  #coordinator(): CoordinatorDeps {
    const { state, clock } = this;
    return {
      state,
      clock,
      random: this.#random,
      timing: lambdaTiming,
      cadence: this.#cadence,
      log: this.#logger(),
      invoker: {
        plan: async (_, request) => {
          const answer = await handleWorkerRequest(
            request,
            this.#invocation(),
            this.#worker({ table: this.table, kafka: new MemoryClient(this.kafka) }),
          );
          if (!('ok' in answer)) throw new Error('a plan was answered like a run');
          return answer;
        },
        run: async (_, request) => {
          const world = { table: this.table, kafka: new MemoryClient(this.kafka) };
          const { mortality } = this;
          this.mortality = undefined;
          void handleWorkerRequest(request, this.#invocation(), this.#worker(mortality?.(world) ?? world));
        },
      },
    };
  }

  #worker({ table, kafka }: { table: Table; kafka: KafkaClient }): WorkerDeps {
    return {
      state: clusterState(table),
      kafka: async () => kafka,
      registry: this.#registry,
      providers: {},
      workerConfig: {},
      cadence: this.#cadence,
      timing: lambdaWorkerTiming,
      clock: this.clock,
      random: this.#random,
      log: this.#logger(),
    };
  }

  #invocation() {
    return {
      requestId: 'r',
      logGroup: 'g',
      logStream: 's',
      deadline: deadlineIn(900_000, this.clock),
      signal: this.stop.signal,
    };
  }

  #logger() {
    return createLogger((line) => void this.log.push(line), 'warn');
  }
}

export interface DyingOptions {
  readonly onCall?: (count: number) => void;
  /** When this resolves a frozen process goes on as if nothing had happened; absent: it is dead. */
  readonly thawed?: () => Promise<void>;
}

/**
 * A process that dies (or freezes) at its n-th call to the outside: that call, and every one after it, is not
 * answered. `applied` says whether the fatal call still took effect.
 */
export function dyingAt(n: number, applied: boolean, { onCall, thawed }: DyingOptions = {}): Mortality {
  let calls = 0;
  let ice: Promise<void> | undefined;
  const mortal =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls++;
      onCall?.(calls);
      if (calls < n) return call(...args);
      if (calls === n) {
        ice = thawed?.() ?? new Promise<void>(() => undefined);
        if (applied) {
          const answer = await call(...args);
          await ice;
          return answer;
        }
      }
      await ice;
      return call(...args);
    };
  return ({ table, kafka }) => ({
    table: {
      get: mortal(table.get.bind(table)),
      query: mortal(table.query.bind(table)),
      put: mortal(table.put.bind(table)),
      update: mortal(table.update.bind(table)),
      delete: mortal(table.delete.bind(table)),
    },
    kafka: {
      ensureFresh: kafka.ensureFresh.bind(kafka),
      describeTopics: mortal(kafka.describeTopics.bind(kafka)),
      listTopics: mortal(kafka.listTopics.bind(kafka)),
      createTopics: mortal(kafka.createTopics.bind(kafka)),
      listOffsets: mortal(kafka.listOffsets.bind(kafka)),
      fetch: mortal(kafka.fetch.bind(kafka)),
      producer: (options) => {
        const producer = kafka.producer(options);
        return { send: mortal(producer.send.bind(producer)), close: producer.close.bind(producer) };
      },
      close: kafka.close.bind(kafka),
      [Symbol.asyncDispose]: kafka.close.bind(kafka),
    },
  });
}
