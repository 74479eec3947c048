import { setImmediate } from 'node:timers/promises';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import { silentLogger, type Logger } from '../../foundation/logger.ts';
import { systemRandom, type Random } from '../../foundation/random.ts';
import { checkTls } from '../auth/check-tls.ts';
import type { KafkaClient, KafkaConnectOptions, KafkaProducer } from '../ports.ts';
import { TransactionRunner } from '../transaction-runner.ts';
import { BrokerTransactions } from './broker-transactions.ts';
import { Cluster } from './cluster.ts';
import { Fetcher } from './fetcher.ts';
import { GroupCommits } from './group-commits.ts';
import { listOffsets } from './offset-lookup.ts';
import { Producer } from './producer.ts';
import { createTopics, describeTopics, listTopics } from './topics-admin.ts';

export interface ConnectDependencies {
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * The Kafka port on connections of our own. Nothing is connected before the first call. Throws ConfigError
 * where `bootstrapServers`, or certificates, cannot be read.
 */
export function connectKafka(
  options: KafkaConnectOptions,
  dependencies: ConnectDependencies = {},
): KafkaClient {
  const { log = silentLogger, clock = systemClock, random = systemRandom } = dependencies;
  if (typeof options.tls === 'object') checkTls(options.tls);
  const context = { options, log, clock, random };
  const cluster = new Cluster(context);
  const admin = { context, cluster };
  const fetcher = new Fetcher(context, cluster);
  const groupCommits = new GroupCommits(admin);
  const producers = new Set<Pick<KafkaProducer, 'close'>>();
  const close = async (): Promise<void> => {
    await Promise.all([...producers].map((producer) => producer.close()));
    await cluster.close();
  };
  return {
    ensureFresh: async () => {
      // Two turns of the event loop: connections that were closed while the process was frozen are seen as closed.
      await setImmediate();
      await setImmediate();
      cluster.dropIdleConnections();
    },
    describeTopics: (topics, call) => describeTopics(admin, topics, call),
    listTopics: (call) => listTopics(admin, call),
    createTopics: (topics, call) => createTopics(admin, topics, call),
    listOffsets: (asks, call) => listOffsets(admin, asks, call),
    fetch: (request, call) => fetcher.fetch(request, call),
    commitGroupOffsets: (group, offsets, call) => groupCommits.commit(group, offsets, call),
    producer: (producerOptions) => {
      const producer = new Producer(admin, producerOptions);
      producers.add(producer);
      return {
        send: (records, call) => producer.send(records, call),
        close: async () => {
          producers.delete(producer);
          await producer.close();
        },
      };
    },
    transactional: (transactionalId, transactionalOptions) => {
      const steps = new BrokerTransactions(admin, transactionalId, transactionalOptions);
      const runner = new TransactionRunner(steps);
      producers.add(runner);
      return {
        init: (call) => runner.init(call),
        run: (work, call) => runner.run(work, call),
        close: async () => {
          producers.delete(runner);
          await runner.close();
        },
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
