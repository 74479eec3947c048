import type { ResponseOf } from '../../protocol/api.ts';
import { metadataApi } from '../../protocol/cluster-apis.ts';
import { handler, type Handler } from '../handler.ts';
import type { BrokerState } from '../broker-state.ts';

type TopicAnswer = ResponseOf<typeof metadataApi>['topics'][number];

const codes = { ok: 0, unknownTopic: 3, leaderNotAvailable: 5 } as const;
const clusterId = 'sluice-dev-broker';

export const metadataHandler: Handler = handler(metadataApi, (request, { state }) => {
  const names = request.topics ?? state.topics.all().map((topic) => topic.name);
  return {
    throttleTimeMs: 0,
    brokers: [...state.nodes.values()].map((node) => ({ ...node, rack: null })),
    clusterId,
    controllerId: state.controllerId,
    topics: names.map((name) => describe(name, state)),
  };
});

function describe(name: string, state: BrokerState): TopicAnswer {
  const topic = state.topics.get(name);
  const isInternal = name.startsWith('__');
  if (!topic) return { errorCode: codes.unknownTopic, topic: name, isInternal, partitions: [] };
  const replicas = [...state.nodes.keys()];
  return {
    errorCode: codes.ok,
    topic: name,
    isInternal,
    partitions: topic.partitions.map(({ leader }, partition) => ({
      errorCode: state.nodes.has(leader) ? codes.ok : codes.leaderNotAvailable,
      partition,
      leader: state.nodes.has(leader) ? leader : -1,
      replicas,
      isr: replicas,
      offlineReplicas: [],
    })),
  };
}
