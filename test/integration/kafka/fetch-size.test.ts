import { expect, it } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { largestFetchBytes } from '../../../lib/kafka/client/fetcher.ts';
import { metadataApi } from '../../../lib/kafka/protocol/cluster-apis.ts';
import { fetchApi } from '../../../lib/kafka/protocol/record-apis.ts';
import { requestFor } from '../../../lib/testing/kafka/kafka-probe.ts';
import { answer, type ScriptedRequest, startScriptedBroker } from './scripted-broker.ts';

it('a fetch asks for no more than an answer may have, whatever fetch.max.bytes says', async () => {
  const sizes: number[] = [];
  const partition = { errorCode: 0, partition: 0, leader: 1, replicas: [1], isr: [1], offlineReplicas: [] };
  const script = (request: ScriptedRequest): Uint8Array => {
    if (request.apiKey === fetchApi.key) {
      sizes.push(fetchApi.request.read(request.body).maxBytes);
      const empty = {
        partition: 0,
        errorCode: 0,
        highWatermark: 0n,
        lastStableOffset: 0n,
        logStartOffset: 0n,
        aborted: null,
        preferredReadReplica: -1,
        batches: [],
      };
      const topics = [{ topic: 't', partitions: [empty] }];
      return answer(fetchApi, request, { throttleTimeMs: 0, errorCode: 0, sessionId: 0, topics });
    }
    return answer(metadataApi, request, {
      throttleTimeMs: 0,
      brokers: [{ nodeId: 1, ...broker.address, rack: null }],
      clusterId: null,
      controllerId: 1,
      topics: [{ errorCode: 0, topic: 't', isInternal: false, partitions: [partition] }],
    });
  };
  await using broker = await startScriptedBroker(script);
  const { host, port } = broker.address;
  await using client = connectKafka({ bootstrapServers: [`${host}:${port}`], clientId: 'x' });
  for (const maxBytes of [1_000, 2 ** 31 - 1]) {
    const request = requestFor([{ topic: 't', partition: 0, offset: 0n }], { maxBytes, maxWaitMs: 0 });
    await client.fetch(request, { deadline: deadlineIn(10_000, systemClock) });
  }
  expect([sizes[0], sizes.at(-1)]).toEqual([1_000, largestFetchBytes]);
});
