import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import type { BrokerEvent } from '../../../lib/kafka/dev-broker/client-connection.ts';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { ProduceRecord, ProducerOptions } from '../../../lib/kafka/ports.ts';
import { KafkaProbe, recordFor, requestFor, textsOf } from '../../../lib/testing/kafka/kafka-probe.ts';
import { groupOffsetReader } from './group-offset-reader.ts';
import { storedBatches } from './stored-batches.ts';
import { libraryFetch } from './library-reader.ts';

describe('the options of a producer', () => {
  let broker: DevBroker;
  let probe: KafkaProbe;
  let topic: string;
  let events: BrokerEvent[];
  let onEvent: (event: BrokerEvent) => void;

  beforeEach(async () => {
    events = [];
    onEvent = (event) => void events.push(event);
    broker = await startDevBroker({ observe: (event) => onEvent(event) });
    probe = new KafkaProbe({
      connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'suite' }),
      clock: systemClock,
      groupOffset: groupOffsetReader(broker.bootstrapServers),
      close: () => broker.close(),
    });
    topic = await probe.newTopic();
  });
  afterEach(() => probe.close());

  const send = async (options: ProducerOptions, records: readonly ProduceRecord[], ms?: number) => {
    const producer = probe.client.producer(options);
    const produced = await producer.send(records, probe.call(ms));
    await producer.close();
    return produced.get(topicPartition(topic, 0));
  };
  const requests = (api: string) =>
    events.flatMap((event) => (event.kind === 'request' && event.api === api ? [event.clientId] : []));
  /** Where each batch begins, which kafkajs tells of every record. */
  const batches = async (): Promise<number[]> => {
    const [read] = await libraryFetch(broker.bootstrapServers, topic, [0n]);
    return [...new Set(read?.messages.map((message) => Number(message.batchContext.firstOffset)))];
  };
  const tenOf = (bytes: number) =>
    Array.from({ length: 10 }, (_, index) => recordFor(topic, String(index).padEnd(bytes, '.')));

  it.each([
    [undefined, [0]],
    [2_200, [0, 2, 4, 6, 8]],
    [0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [10_000_000, [0]],
  ])(
    'maxBatchBytes %j makes batches of ten records of 1 KB that begin at %j',
    async (maxBatchBytes, begins) => {
      await send(maxBatchBytes === undefined ? {} : { maxBatchBytes }, tenOf(1_000));
      expect(await batches()).toEqual(begins);
    },
  );

  it('compressionLevel is that of gzip and zstd', async () => {
    // Text in which a thorough search finds more.
    const text = Array.from({ length: 4_000 }, (_, i) => `${(i * 7919) % 1009}:${(i * 104_729) % 613};`).join(
      '',
    );
    const sizeOf = async (options: ProducerOptions): Promise<number> => {
      const other = await probe.newTopic();
      const producer = probe.client.producer(options);
      await producer.send([recordFor(other, text)], probe.call());
      await producer.close();
      const fetched = await probe.fetchAt(other, 0n);
      expect(textsOf(fetched.records)).toEqual([text]);
      return (await storedBatches(broker.bootstrapServers, other)).length;
    };
    for (const [compression, low, high] of [
      ['gzip', 1, 9],
      ['zstd', -5, 19],
    ] as const) {
      const [least, most] = [
        await sizeOf({ compression, compressionLevel: high }),
        await sizeOf({ compression, compressionLevel: low }),
      ];
      expect(least).toBeLessThan(most);
    }
  });

  it('clientId is the name in which records are written, and no other request', async () => {
    await send({ clientId: 'reports' }, [recordFor(topic, 'a')]);
    await send({ acks: 0, clientId: 'unheard' }, [recordFor(topic, 'b')]);
    await expect.poll(() => requests('Produce')).toEqual(['reports', 'unheard']);
    expect(new Set(requests('Metadata'))).toEqual(new Set(['suite']));
    const request = requestFor([{ topic, partition: 0, offset: 0n }], { clientId: 'reader' });
    await probe.client.fetch(request, probe.call());
    expect(requests('Fetch')).toEqual(['reader']);
  });

  it('deliveryTimeoutMs ends a send before its deadline', async () => {
    broker.faults.next('Produce', { kind: 'error', code: 19 }, Number.POSITIVE_INFINITY);
    const produced = await send({ deliveryTimeoutMs: 200 }, [recordFor(topic, 'a')], 60_000);
    expect(produced?.error).toMatchObject({ kafkaName: 'NOT_ENOUGH_REPLICAS', retriable: true });
  });

  it('deliveryTimeoutMs does not lengthen it', async () => {
    broker.faults.next('Produce', { kind: 'error', code: 19 }, Number.POSITIVE_INFINITY);
    const produced = await send({ deliveryTimeoutMs: 60_000 }, [recordFor(topic, 'a')], 200);
    expect(produced?.error).toMatchObject({ kafkaName: 'NOT_ENOUGH_REPLICAS', retriable: true });
  });

  it.each([
    [1, 1],
    [5, 5],
    [100, 5],
  ])('maxInFlight %i keeps at most %i requests under way', async (maxInFlight, most) => {
    const producer = probe.client.producer({ maxInFlight, maxBatchBytes: 0 });
    await producer.send([recordFor(topic, 'first')], probe.call());
    let [underWay, peak] = [0, 0];
    onEvent = (event) => {
      if (event.kind === 'request' && event.api === 'Produce') peak = Math.max(peak, ++underWay);
      if (event.kind === 'done' && event.api === 'Produce') underWay--;
    };
    // The first answer is held back until all are there that come, then never given.
    broker.faults.next('Produce', { kind: 'delay', ms: 60_000 });
    const sent = producer.send(tenOf(10), probe.call());
    await expect.poll(() => underWay).toBe(most);
    await broker.faults.closeConnections();
    expect((await sent).get(topicPartition(topic, 0))?.error).toBeUndefined();
    await producer.close();
    expect([underWay, peak]).toEqual([0, most]);
    expect((await probe.readAll(topic))[0]).toHaveLength(11);
  });
});
