import { earliestTimestamp, latestTimestamp, listOffsetsApi } from '../../protocol/record-apis.ts';
import type { Isolation } from '../../ports.ts';
import { handler, type Handler, type RequestContext } from '../handler.ts';

const codes = { ok: 0, unknownPartition: 3, notLeader: 6 } as const;

export const listOffsetsHandler: Handler = handler(listOffsetsApi, (request, context) => {
  const isolation = request.isolationLevel === 1 ? 'read_committed' : 'read_uncommitted';
  return {
    throttleTimeMs: 0,
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, timestamp }) => ({
        partition,
        ...find({ topic, partition, timestamp, isolation }, context),
      })),
    })),
  };
});

interface Ask {
  readonly topic: string;
  readonly partition: number;
  readonly timestamp: bigint;
  readonly isolation: Isolation;
}

function find(ask: Ask, context: RequestContext): { errorCode: number; timestamp: bigint; offset: bigint } {
  const nothing = { timestamp: -1n, offset: -1n };
  if (context.forcedError !== undefined) return { errorCode: context.forcedError, ...nothing };
  const found = context.state.topics.partition(ask.topic, ask.partition);
  if (!found) return { errorCode: codes.unknownPartition, ...nothing };
  if (found.leader !== context.nodeId) return { errorCode: codes.notLeader, ...nothing };
  const { log } = found;
  const { ok: errorCode } = codes;
  if (ask.timestamp === earliestTimestamp) return { errorCode, timestamp: -1n, offset: log.startOffset };
  if (ask.timestamp === latestTimestamp)
    return { errorCode, timestamp: -1n, offset: log.readableEnd(ask.isolation) };
  const at = log.offsetOfTimestamp(Number(ask.timestamp), ask.isolation);
  return at ? { errorCode, timestamp: BigInt(at.timestamp), offset: at.offset } : { errorCode, ...nothing };
}
