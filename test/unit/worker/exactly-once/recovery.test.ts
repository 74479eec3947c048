import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../../lib/api/config.ts';
import { KafkaError } from '../../../../lib/kafka/kafka-error.ts';
import type { KafkaOperation } from '../../../../lib/kafka/memory/memory-kafka.ts';
import type { Item } from '../../../../lib/storage/table.ts';
import { dyingAt, WorkerUnderTest } from '../worker-under-test.ts';
import { ExactlyOnceCluster, exactlyOnceWorker } from './exactly-once-cluster.ts';
import { type Growing, growingPartition, growingSource, numbers } from './growing-source.ts';

const drain = { mode: 'drain', rediscoveryMs: 60_000 } as const;

async function clusterOf(growing: Growing, config: ConnectorConfig = {}): Promise<ExactlyOnceCluster> {
  const cluster = new ExactlyOnceCluster([growingSource(growing)], drain);
  await cluster.create('grow', 'test.Growing', config);
  return cluster;
}

const offsetItem = async (cluster: WorkerUnderTest): Promise<Item | undefined> =>
  (await cluster.table.query('offsets#grow'))[0];

const lost = (): KafkaError =>
  new KafkaError('The answer is lost', { kafkaCode: -1, kafkaName: 'NETWORK_EXCEPTION', retriable: true });

/** The n-th call of an operation is not answered, before or after it took effect. */
function losing(cluster: ExactlyOnceCluster, what: KafkaOperation, when: 'before' | 'after', nth: number) {
  let count = 0;
  cluster.intercept = (operation, phase) => {
    if (operation === what && phase === when && ++count === nth) throw lost();
  };
}

describe('a commit whose answer is lost', () => {
  it.each(['before', 'after'] as const)(
    'is followed by a new producer that goes on from what is committed; %s it took effect',
    async (when) => {
      for (let nth = 1; nth <= 7; nth++) {
        const cluster = await clusterOf({ end: 20 });
        losing(cluster, 'commitTransaction', when, nth);
        await cluster.minutes(4);
        expect({ nth, records: cluster.records('numbers') }).toEqual({ nth, records: numbers(20) });
        const { runs } = await cluster.state.snapshot('grow');
        expect(runs.map(({ phase }) => phase)).not.toContain('FAILED');
      }
    },
  );

  it('ends the run as one to be tried again when it is the last of the run', async () => {
    const cluster = await clusterOf(
      { end: 20 },
      { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '600000' },
    );
    losing(cluster, 'commitTransaction', 'after', 1);
    await cluster.minutes(1);
    const [run] = (await cluster.state.snapshot('grow')).runs;
    expect(run?.outcome).toMatchObject({ reason: 'ERROR', retriable: true });
    await cluster.minutes(5);
    expect(cluster.records('numbers')).toEqual(numbers(20));
  });
});

describe('a zombie that wakes up before its InitProducerId', () => {
  it('fences the successor and ends; the successor finds itself the owner and goes on', async () => {
    const growing = { end: 400, pollMs: 1_000 };
    const cluster = new ExactlyOnceCluster([growingSource(growing)], {
      mode: 'continuous',
      rediscoveryMs: 3_600_000,
    });
    await cluster.create('grow', 'test.Growing');
    // Frozen at its init, for so long that its successor is at work when it goes on.
    const frozenAt = await callOf('initTransactions');
    cluster.mortality = dyingAt(frozenAt, false, { thawed: () => cluster.clock.sleep(4 * 60_000) });
    await cluster.minutes(12);
    const { runs } = await cluster.state.snapshot('grow');
    expect(runs.map(({ phase }) => phase)).toContain('DEAD');
    expect(cluster.log.map(({ message }) => message)).toContain(
      'the transactional producer is taken over again, to go on from what is committed',
    );
    const records = cluster.records('numbers');
    expect(records).toEqual(numbers(records.length));
    expect(records.length).toBeGreaterThan(100);
  });

  it('produces nothing and claims no offset when the task is another run’s by then', async () => {
    const cluster = await clusterOf({ end: 6 });
    const operations: string[] = [];
    let taken = false;
    cluster.intercept = async (operation, phase) => {
      if (phase === 'after') return;
      operations.push(operation);
      if (operation !== 'initTransactions' || taken) return;
      taken = true;
      const [task] = await cluster.state.tasks.list('grow');
      if (task === undefined) throw new Error('no task');
      const run = { epoch: task.owner + 1, generation: task.generation, over: task.owner, token: 'later' };
      expect(await cluster.state.tasks.claim('grow', 0, run)).toBe(true);
    };
    await cluster.minutes(1);
    expect(taken).toBe(true);
    expect(operations).not.toContain('produce');
    expect(await offsetItem(cluster)).toBeUndefined();
    const [run] = (await cluster.state.snapshot('grow')).runs;
    expect(run?.outcome).toMatchObject({ reason: 'YIELD' });
  });

  /** At which of its calls a run makes this one. */
  async function callOf(operation: KafkaOperation): Promise<number> {
    const cluster = await clusterOf({ end: 1 });
    let calls = 0;
    let found = 0;
    cluster.mortality = dyingAt(1_000, false, { onCall: (count) => (calls = count) });
    cluster.intercept = (each, phase) => {
      if (each === operation && phase === 'before' && found === 0) found = calls;
    };
    await cluster.minutes(1);
    expect(found).toBeGreaterThan(0);
    return found;
  }
});

describe('the OFFSET item', () => {
  it('is not clean from the claim on, and clean after an orderly end', async () => {
    const seen = new Set<unknown>();
    const growing: Growing = { end: 6, onPoll: () => undefined };
    const cluster = await clusterOf({ ...growing, onPoll: () => undefined });
    cluster.intercept = async (operation) => {
      if (operation === 'produce') seen.add((await offsetItem(cluster))?.['clean']);
    };
    await cluster.minutes(1);
    expect(seen).toEqual(new Set([false]));
    expect(await offsetItem(cluster)).toMatchObject({ clean: true, offset: '{"next":6}' });
  });

  it('is trusted while it is clean: Kafka is not read', async () => {
    const growing = { end: 6 };
    const cluster = await clusterOf(growing);
    await cluster.minutes(1);
    const operations = new Set<string>();
    cluster.intercept = (operation) => void operations.add(operation);
    growing.end = 12;
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual(numbers(12));
    expect(operations).toContain('produce');
    expect(operations).not.toContain('fetch');
    expect(operations).not.toContain('listOffsets');
  });

  it('is not read from Kafka either where nothing was ever committed, once that was looked at', async () => {
    const cluster = await clusterOf({ end: 0 });
    await cluster.minutes(1);
    const operations = new Set<string>();
    cluster.intercept = (operation) => void operations.add(operation);
    await cluster.minutes(1);
    expect([...operations].sort()).toEqual(['describeTopics', 'initTransactions']);
  });
});

describe('an OFFSET item that is behind', () => {
  it('stays so after a run that claimed it, never looked, and committed nothing', async () => {
    const growing: Growing = {
      end: 6,
      onPoll: (_batch, { transactions }) => {
        if (growing.blind !== true) transactions?.commitTransaction();
      },
    };
    const cluster = await clusterOf(growing, { 'transaction.boundary': 'connector' });
    let commits = 0;
    // Both transactions are committed, and then the process can write nothing more.
    cluster.mortality = (world) => ({
      ...world,
      table: {
        ...world.table,
        update: (...args) => (commits < 2 ? world.table.update(...args) : new Promise(() => undefined)),
      },
    });
    cluster.intercept = (operation, phase) => {
      if (operation === 'commitTransaction' && phase === 'after') commits++;
    };
    await cluster.minutes(1);
    expect(await offsetItem(cluster)).not.toHaveProperty('offset');
    growing.blind = true;
    await cluster.minutes(4);
    growing.blind = false;
    growing.end = 9;
    await cluster.minutes(4);
    expect(cluster.records('numbers')).toEqual(numbers(9));
  });
});

describe('a table restored to an earlier point', () => {
  it('is found out by the epoch of the producer, and Kafka is believed', async () => {
    const growing = { end: 9 };
    const cluster = await clusterOf(growing);
    await cluster.minutes(1);
    const backup = await everything(cluster);
    growing.end = 21;
    await cluster.minutes(2);
    await restore(cluster, backup);
    expect(await offsetItem(cluster)).toMatchObject({ clean: true, offset: '{"next":9}' });
    growing.end = 30;
    await cluster.minutes(2);
    expect(cluster.records('numbers')).toEqual(numbers(30));
  });

  it('that is empty is filled from Kafka', async () => {
    const growing = { end: 9 };
    const cluster = await clusterOf(growing);
    await cluster.minutes(1);
    for (const { pk, sk } of await everything(cluster)) await cluster.table.delete({ pk, sk });
    await cluster.create('grow', 'test.Growing');
    growing.end = 12;
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual(numbers(12));
  });

  const everything = async (cluster: WorkerUnderTest): Promise<Item[]> =>
    (
      await Promise.all(['connectors', 'connector#grow', 'offsets#grow'].map((pk) => cluster.table.query(pk)))
    ).flat();

  async function restore(cluster: WorkerUnderTest, backup: readonly Item[]): Promise<void> {
    for (const { pk, sk } of await everything(cluster)) await cluster.table.delete({ pk, sk });
    for (const item of backup) await cluster.table.put(item);
  }
});

describe('a connector that is switched', () => {
  /** `worker` is what the next run's process is configured with. */
  function switching(growing: Growing) {
    const worker: Record<string, string> = { ...exactlyOnceWorker };
    const cluster = new WorkerUnderTest([growingSource(growing)], drain, worker);
    const set = (support: 'enabled' | 'disabled') => (worker['exactly.once.source.support'] = support);
    return { cluster, set };
  }

  it('from at least once to exactly once and back, in order, loses nothing and repeats nothing', async () => {
    const growing = { end: 6 };
    const { cluster, set } = switching(growing);
    set('disabled');
    await cluster.create('grow', 'test.Growing');
    await cluster.minutes(1);
    for (const [i, support] of (['enabled', 'disabled', 'enabled', 'disabled'] as const).entries()) {
      set(support);
      growing.end = 12 + 6 * i;
      await cluster.minutes(1);
    }
    expect(cluster.records('numbers')).toEqual(numbers(30));
  });

  it('never goes back to what an exactly-once run of long ago has left in Kafka', async () => {
    const growing = { end: 6 };
    const { cluster, set } = switching(growing);
    await cluster.create('grow', 'test.Growing');
    await cluster.minutes(1);
    set('disabled');
    growing.end = 12;
    await cluster.minutes(1);
    set('enabled');
    growing.end = 18;
    // Dies right after it has claimed its offset: the item is not clean, and Kafka is asked.
    cluster.intercept = (operation) => {
      if (operation === 'produce') throw lost();
    };
    await cluster.minutes(1);
    expect(await offsetItem(cluster)).toMatchObject({ clean: false, offset: '{"next":12}' });
    cluster.intercept = undefined;
    await cluster.minutes(5);
    expect(cluster.records('numbers')).toEqual(numbers(18));
  });

  it('from one offsets topic to another, after a kill, keeps what the table has not seen', async () => {
    for (const at of [1, 2, 3]) {
      const growing = { end: 9 };
      const cluster = await clusterOf(growing, { 'offsets.storage.topic': 'first' });
      let commits = 0;
      cluster.intercept = (operation, phase) => {
        if (operation === 'commitTransaction' && phase === 'after') commits++;
        if (commits >= at) throw lost();
      };
      await cluster.minutes(1);
      cluster.intercept = undefined;
      const connector = await cluster.state.connectors.get('grow');
      const config = { ...connector?.config, 'offsets.storage.topic': 'second' };
      await cluster.state.connectors.reconfigure(
        'grow',
        config,
        { functionName: 'f', version: '1' },
        cluster.clock.now(),
      );
      growing.end = 15;
      await cluster.minutes(6);
      expect({ at, records: cluster.records('numbers') }).toEqual({ at, records: numbers(15) });
      expect(cluster.offsetRecords('second').at(-1)).toBe('grow{"p":"a"}={"next":15}');
    }
  });

  it('from a worker of Kafka Connect goes on from the offsets topic of that', async () => {
    const cluster = await clusterOf({ end: 9 });
    cluster.kafka.createTopic({ topic: 'lab-offsets', partitions: 1 });
    cluster.kafka.append({
      topic: 'lab-offsets',
      partition: 0,
      key: Buffer.from('["grow",{"p":"a"}]'),
      value: Buffer.from('{"next":4}'),
      timestamp: null,
    });
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual(numbers(9).slice(4));
    expect(growingPartition).toEqual({ p: 'a' });
  });
});
