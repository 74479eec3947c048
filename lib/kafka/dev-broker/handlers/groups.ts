import { findCoordinatorApi, offsetCommitApi, offsetFetchApi } from '../../protocol/transaction-apis.ts';
import { handler, type Handler } from '../handler.ts';

const unknownTopicOrPartition = 3;

/** Every node shares the state, so the node that was asked coordinates. */
export const findCoordinatorHandler: Handler = handler(findCoordinatorApi, (_request, context) => {
  const { state, nodeId, forcedError: errorCode = 0 } = context;
  const nobody = { nodeId: -1, host: '', port: -1 };
  const node = errorCode === 0 ? (state.nodes.get(nodeId) ?? nobody) : nobody;
  return { throttleTimeMs: 0, errorCode, errorMessage: null, ...node };
});

export const offsetCommitHandler: Handler = handler(offsetCommitApi, (request, { state, forcedError }) => {
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, offset, metadata }) => {
      if (forcedError !== undefined) return { partition, errorCode: forcedError };
      const exists = state.topics.partition(topic, partition) !== undefined;
      if (exists) state.groupOffsets.commit(request.groupId, { topic, partition, offset, metadata });
      return { partition, errorCode: exists ? 0 : unknownTopicOrPartition };
    }),
  }));
  state.save();
  return { throttleTimeMs: 0, topics };
});

export const offsetFetchHandler: Handler = handler(offsetFetchApi, (request, { state }) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => {
      const committed = state.groupOffsets.get(request.groupId, topic, partition);
      return {
        partition,
        offset: committed?.offset ?? -1n,
        metadata: committed?.metadata ?? '',
        errorCode: 0,
      };
    }),
  })),
  errorCode: 0,
}));
