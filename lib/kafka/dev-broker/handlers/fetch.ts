import type { RequestOf, ResponseOf } from '../../protocol/api.ts';
import { fetchApi } from '../../protocol/record-apis.ts';
import type { Isolation } from '../../ports.ts';
import { readBatchHeader } from '../../record-batch/batch-header.ts';
import { handler, type Handler, type RequestContext } from '../handler.ts';

type FetchRequest = RequestOf<typeof fetchApi>;
type FetchAnswer = ResponseOf<typeof fetchApi>;
type AskedPartition = FetchRequest['topics'][number]['partitions'][number];
type PartitionAnswer = FetchAnswer['topics'][number]['partitions'][number];

const codes = { ok: 0, offsetOutOfRange: 1, unknownPartition: 3, notLeader: 6 } as const;

/** Long poll: answers at once with an error or `minBytes`, else when they have come or after `maxWaitMs`. */
export const fetchHandler: Handler = handler(fetchApi, async (request, context) => {
  const { clock, appended } = context.state;
  const until = clock.monotonic() + request.maxWaitMs;
  for (;;) {
    const { answer, size, failed } = readAll(request, context);
    const left = until - clock.monotonic();
    if (failed || size >= request.minBytes || left <= 0 || context.signal.aborted) return answer;
    await appended.wait(left, context.signal);
  }
});

function readAll(
  request: FetchRequest,
  context: RequestContext,
): { answer: FetchAnswer; size: number; failed: boolean } {
  let size = 0;
  let failed = false;
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((asked) => {
      const isolation = request.isolationLevel === 1 ? 'read_committed' : 'read_uncommitted';
      const left = request.maxBytes - size;
      const answer = readPartition(
        { topic, asked, isolation, maxBytes: Math.min(asked.maxBytes, left), mayExceed: size === 0 },
        context,
      );
      for (const batch of answer.batches) size += batch.length;
      failed ||= answer.errorCode !== codes.ok;
      return answer;
    }),
  }));
  return { answer: { throttleTimeMs: 0, errorCode: codes.ok, sessionId: 0, topics }, size, failed };
}

interface Read {
  readonly topic: string;
  readonly asked: AskedPartition;
  readonly isolation: Isolation;
  readonly maxBytes: number;
  /** KIP-74: the first batch of an answer is given whole even when it is larger than asked for. */
  readonly mayExceed: boolean;
}

function readPartition(read: Read, context: RequestContext): PartitionAnswer {
  const { asked, isolation } = read;
  const found = context.state.topics.partition(read.topic, asked.partition);
  if (context.forcedError !== undefined) return failedAnswer(asked.partition, context.forcedError);
  if (!found) return failedAnswer(asked.partition, codes.unknownPartition);
  if (found.leader !== context.nodeId) return failedAnswer(asked.partition, codes.notLeader);
  const { log } = found;
  const from = asked.fetchOffset;
  if (from < log.startOffset || from > log.endOffset)
    return failedAnswer(asked.partition, codes.offsetOutOfRange);
  const whole = log.read(from, read.maxBytes, isolation);
  const batches = read.mayExceed || (whole[0]?.length ?? 0) <= read.maxBytes ? whole : [];
  const last = batches.at(-1);
  const to = last ? (readBatchHeader(last, 0)?.lastOffset ?? from) + 1n : from;
  return {
    partition: asked.partition,
    errorCode: codes.ok,
    highWatermark: log.endOffset,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.startOffset,
    aborted: isolation === 'read_committed' ? log.abortedIn(from, to) : null,
    preferredReadReplica: -1,
    batches,
  };
}

function failedAnswer(partition: number, errorCode: number): PartitionAnswer {
  return {
    partition,
    errorCode,
    highWatermark: -1n,
    lastStableOffset: -1n,
    logStartOffset: -1n,
    aborted: null,
    preferredReadReplica: -1,
    batches: [],
  };
}
