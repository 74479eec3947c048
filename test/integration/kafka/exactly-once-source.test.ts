import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { startDevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import type { FaultAction } from '../../../lib/kafka/dev-broker/faults.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { drainOnce, isDrained } from '../../../lib/local/drain-once.ts';
import { LocalCluster } from '../../../lib/local/local-cluster.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { KafkaProbe } from '../../../lib/testing/kafka/kafka-probe.ts';
import { TransactionalProbe } from '../../../lib/testing/kafka/transactional-probe.ts';
import { growingSource, numbers } from '../../unit/worker/exactly-once/growing-source.ts';
import { textConverter } from '../../unit/worker/worker-under-test.ts';
import { groupOffsetReader } from './group-offset-reader.ts';

const text = {
  'key.converter': 'test.Text',
  'value.converter': 'test.Text',
  'header.converter': 'test.Text',
};
const workerConfig = {
  'group.id': 'wire',
  'exactly.once.source.support': 'enabled',
  'offset.storage.partitions': '2',
  'offset.storage.replication.factor': '1',
};

/** An exactly-once source over the wire: the Kafka client and the development broker. */
async function setup() {
  const broker = await startDevBroker({ nodes: 2 });
  const connect = () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'wire' });
  const probe = new KafkaProbe({
    connect,
    clock: systemClock,
    groupOffset: groupOffsetReader(broker.bootstrapServers),
    close: () => broker.close(),
  });
  onTestFinished(() => probe.close());
  const kafka = connect();
  onTestFinished(() => kafka.close());
  const growing = { end: 30 };
  const cluster = new LocalCluster({
    table: memoryTable(),
    kafka,
    plugins: [growingSource(growing), textConverter],
    cadence: drainOnce,
    workerConfig,
    environment: {},
    log: silentLogger,
  });
  onTestFinished(() => cluster.stop());
  const drain = async (): Promise<void> => {
    await cluster.state.connectors.runNow('grow', systemClock.now());
    const limit = deadlineIn(40_000, systemClock);
    do {
      await cluster.tick(['grow']);
      await systemClock.sleep(20);
    } while (!(await isDrained('grow', cluster.state, systemClock.now())) && !limit.expired);
  };
  return { broker, cluster, growing, drain, read: new TransactionalProbe(probe) };
}

describe('an exactly-once source over the wire', () => {
  const faults: readonly (readonly [string, string, FaultAction])[] = [
    ['nothing', 'Fetch', { kind: 'delay', ms: 1 }],
    ['the request for a commit is lost', 'EndTxn', { kind: 'drop request' }],
    ['the answer to a commit is lost', 'EndTxn', { kind: 'drop answer' }],
    ['the answer to a commit is cut', 'EndTxn', { kind: 'cut answer' }],
    ['the answer to a batch is lost', 'Produce', { kind: 'drop answer' }],
    ['the answer to InitProducerId is lost', 'InitProducerId', { kind: 'drop answer' }],
    ['the answer to AddPartitionsToTxn is lost', 'AddPartitionsToTxn', { kind: 'drop answer' }],
    ['it is fenced in the middle', 'EndTxn', { kind: 'error', code: 47 }],
  ];

  it.each(faults)(
    'brings every record once, over two runs, when this happens: %s',
    async (_what, api, action) => {
      const { broker, cluster, growing, drain, read } = await setup();
      await cluster.put('grow', { 'connector.class': 'test.Growing', ...text });
      broker.faults.next(api, action);
      await drain();
      broker.faults.next(api, action);
      growing.end = 60;
      await drain();
      const soon = { timeout: 15_000, interval: 20 };
      await expect.poll(() => read.read('numbers'), soon).toEqual(numbers(60));
      expect(await cluster.state.offsets.peek('grow', { p: 'a' })).toEqual({ next: 60 });
      const [status] = await cluster.status(['grow']);
      expect(status?.trace ?? status?.tasks[0]?.trace).toBeUndefined();
    },
  );
});
