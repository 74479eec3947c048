import { api } from './api.ts';
import {
  array,
  int16,
  int32,
  int64,
  int8,
  nullableArray,
  nullableString,
  recordSet,
  string,
  struct,
} from './wire-types.ts';

/** What moves records. */

export const produceApi = api('Produce', 0, 7, {
  request: struct({
    transactionalId: nullableString,
    acks: int16,
    timeoutMs: int32,
    topics: array(
      /** Exactly one batch per partition. */
      struct({ topic: string, partitions: array(struct({ partition: int32, batches: recordSet })) }),
    ),
  }),
  response: struct({
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partition: int32,
            errorCode: int16,
            baseOffset: int64,
            logAppendTime: int64,
            logStartOffset: int64,
          }),
        ),
      }),
    ),
    throttleTimeMs: int32,
  }),
});

/** `sessionId` 0 with `sessionEpoch` -1: no fetch session (KIP-227). */
export const fetchApi = api('Fetch', 1, 11, {
  request: struct({
    replicaId: int32,
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: int32,
    isolationLevel: int8,
    sessionId: int32,
    sessionEpoch: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partition: int32,
            leaderEpoch: int32,
            fetchOffset: int64,
            logStartOffset: int64,
            maxBytes: int32,
          }),
        ),
      }),
    ),
    forgotten: array(struct({ topic: string, partitions: array(int32) })),
    rackId: string,
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    sessionId: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partition: int32,
            errorCode: int16,
            highWatermark: int64,
            lastStableOffset: int64,
            logStartOffset: int64,
            aborted: nullableArray(struct({ producerId: int64, firstOffset: int64 })),
            preferredReadReplica: int32,
            batches: recordSet,
          }),
        ),
      }),
    ),
  }),
});

export const earliestTimestamp = -2n;
export const latestTimestamp = -1n;

export const listOffsetsApi = api('ListOffsets', 2, 3, {
  request: struct({
    replicaId: int32,
    isolationLevel: int8,
    topics: array(
      struct({ topic: string, partitions: array(struct({ partition: int32, timestamp: int64 })) }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(struct({ partition: int32, errorCode: int16, timestamp: int64, offset: int64 })),
      }),
    ),
  }),
});
