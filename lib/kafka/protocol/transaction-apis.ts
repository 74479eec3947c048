import { api } from './api.ts';
import { array, boolean, int16, int32, int64, int8, nullableString, string, struct } from './wire-types.ts';

/** Producer ids, transactions, and the offsets of consumer groups. */

const producer = { transactionalId: string, producerId: int64, producerEpoch: int16 };
const topicPartitions = array(struct({ topic: string, partitions: array(int32) }));
const partitionErrors = array(
  struct({ topic: string, partitions: array(struct({ partition: int32, errorCode: int16 })) }),
);

export const initProducerIdApi = api('InitProducerId', 22, 1, {
  request: struct({ transactionalId: nullableString, transactionTimeoutMs: int32 }),
  response: struct({ throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 }),
});

export const addPartitionsToTxnApi = api('AddPartitionsToTxn', 24, 1, {
  request: struct({ ...producer, topics: topicPartitions }),
  response: struct({ throttleTimeMs: int32, topics: partitionErrors }),
});

export const addOffsetsToTxnApi = api('AddOffsetsToTxn', 25, 1, {
  request: struct({ ...producer, groupId: string }),
  response: struct({ throttleTimeMs: int32, errorCode: int16 }),
});

export const endTxnApi = api('EndTxn', 26, 1, {
  request: struct({ ...producer, committed: boolean }),
  response: struct({ throttleTimeMs: int32, errorCode: int16 }),
});

export const txnOffsetCommitApi = api('TxnOffsetCommit', 28, 1, {
  request: struct({
    transactionalId: string,
    groupId: string,
    producerId: int64,
    producerEpoch: int16,
    topics: array(
      struct({
        topic: string,
        partitions: array(struct({ partition: int32, offset: int64, metadata: nullableString })),
      }),
    ),
  }),
  response: struct({ throttleTimeMs: int32, topics: partitionErrors }),
});

export const coordinatorTypes = { group: 0, transaction: 1 } as const;

export const findCoordinatorApi = api('FindCoordinator', 10, 2, {
  request: struct({ key: string, type: int8 }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    nodeId: int32,
    host: string,
    port: int32,
  }),
});

export const offsetCommitApi = api('OffsetCommit', 8, 5, {
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    topics: array(
      struct({
        topic: string,
        partitions: array(struct({ partition: int32, offset: int64, metadata: nullableString })),
      }),
    ),
  }),
  response: struct({ throttleTimeMs: int32, topics: partitionErrors }),
});

export const offsetFetchApi = api('OffsetFetch', 9, 4, {
  request: struct({ groupId: string, topics: topicPartitions }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({ partition: int32, offset: int64, metadata: nullableString, errorCode: int16 }),
        ),
      }),
    ),
    errorCode: int16,
  }),
});
