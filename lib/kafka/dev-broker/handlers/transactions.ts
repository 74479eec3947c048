import {
  addOffsetsToTxnApi,
  addPartitionsToTxnApi,
  endTxnApi,
  initProducerIdApi,
  txnOffsetCommitApi,
} from '../../protocol/transaction-apis.ts';
import { handler, type Handler } from '../handler.ts';

const invalidTransactionTimeout = 50;
/** Brokers' default transaction.max.timeout.ms. */
const maxTimeoutMs = 900_000;

export const initProducerIdHandler: Handler = handler(
  initProducerIdApi,
  (request, { state, forcedError }) => {
    const { transactionalId, transactionTimeoutMs } = request;
    const refused = (errorCode: number) => ({
      throttleTimeMs: 0,
      errorCode,
      producerId: -1n,
      producerEpoch: -1,
    });
    if (forcedError !== undefined) return refused(forcedError);
    if (transactionalId === null) {
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        producerId: state.transactions.newProducerId(),
        producerEpoch: 0,
      };
    }
    if (transactionTimeoutMs <= 0 || transactionTimeoutMs > maxTimeoutMs)
      return refused(invalidTransactionTimeout);
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      ...state.transactions.init(transactionalId, transactionTimeoutMs),
    };
  },
);

export const addPartitionsToTxnHandler: Handler = handler(
  addPartitionsToTxnApi,
  (request, { state, forcedError }) => {
    const asked = request.topics.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    const answers = (
      forcedError === undefined
        ? state.transactions.addPartitions(request, asked)
        : asked.map(() => forcedError)
    ).values();
    return {
      throttleTimeMs: 0,
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((partition) => ({ partition, errorCode: answers.next().value ?? 0 })),
      })),
    };
  },
);

export const addOffsetsToTxnHandler: Handler = handler(addOffsetsToTxnApi, (request, { state }) => ({
  throttleTimeMs: 0,
  errorCode: state.transactions.addGroup(request),
}));

export const txnOffsetCommitHandler: Handler = handler(txnOffsetCommitApi, (request, { state }) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, offset, metadata }) => ({
      partition,
      errorCode: state.transactions.addOffset(request, request.groupId, {
        topic,
        partition,
        offset,
        metadata,
      }),
    })),
  })),
}));

export const endTxnHandler: Handler = handler(endTxnApi, (request, { state, forcedError }) => ({
  throttleTimeMs: 0,
  errorCode: forcedError ?? state.transactions.end(request, request.committed),
}));
