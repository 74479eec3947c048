import { describe, expect, it } from 'vitest';
import { KafkaError } from '../../kafka/kafka-error.ts';
import { type KafkaProbe, requestFor, recordFor, textsOf } from './kafka-probe.ts';

/** Part of the Kafka client suite: signals, deadlines, closing. */
export function describeCalls(probe: () => KafkaProbe): void {
  describe('calls', () => {
    it('end with the reason of their signal when it is aborted', async () => {
      const topic = await probe().newTopic();
      const stop = new AbortController();
      const waiting = probe().client.fetch(
        requestFor([{ topic, partition: 0, offset: 0n }], { maxWaitMs: 60_000 }),
        {
          ...probe().call(70_000),
          signal: stop.signal,
        },
      );
      stop.abort(new Error('the run ends'));
      await expect(waiting).rejects.toThrow('the run ends');
      const aborted = { ...probe().call(), signal: stop.signal };
      await expect(probe().client.listTopics(aborted)).rejects.toThrow('the run ends');
      await expect(
        probe()
          .client.producer({})
          .send([recordFor(topic, 'x')], aborted),
      ).rejects.toThrow('the run ends');
    });

    it('after an aborted fetch find the client in order', async () => {
      const topic = await probe().newTopic();
      const stop = new AbortController();
      const waiting = probe().client.fetch(
        requestFor([{ topic, partition: 0, offset: 0n }], { maxWaitMs: 60_000 }),
        {
          ...probe().call(70_000),
          signal: stop.signal,
        },
      );
      await probe().client.listTopics(probe().call());
      stop.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      await probe().send([recordFor(topic, 'still here')]);
      expect(textsOf((await probe().fetchAt(topic, 0n)).records)).toEqual(['still here']);
    });

    it('are refused once the client is closed', async () => {
      const other = probe().connect();
      await other.listTopics(probe().call());
      await other.close();
      await expect(other.listTopics(probe().call())).rejects.toBeInstanceOf(KafkaError);
    });

    it('of a closed producer are refused', async () => {
      const topic = await probe().newTopic();
      const producer = probe().client.producer({});
      await producer.close();
      await expect(producer.send([recordFor(topic, 'x')], probe().call())).rejects.toBeInstanceOf(KafkaError);
    });

    it('find a fresh client after ensureFresh', async () => {
      await probe().client.ensureFresh();
      expect(await probe().client.listTopics(probe().call())).toBeInstanceOf(Array);
    });
  });
}
