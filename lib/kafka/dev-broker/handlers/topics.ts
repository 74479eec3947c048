import type { ResponseOf } from '../../protocol/api.ts';
import { createTopicsApi, deleteTopicsApi, describeConfigsApi } from '../../protocol/cluster-apis.ts';
import { handler, type Handler } from '../handler.ts';
import type { Topic } from '../topics.ts';

const codes = { ok: 0, unknownTopic: 3, invalidRequest: 42, notController: 41 } as const;
const topicResource = 2;
const configSources = { topic: 1, default: 5 } as const;

const defaultConfigs: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'max.message.bytes': '1048588',
  'message.timestamp.type': 'CreateTime',
  'min.insync.replicas': '1',
  'retention.bytes': '-1',
  'retention.ms': '-1',
};

export const createTopicsHandler: Handler = handler(
  createTopicsApi,
  (request, { state, nodeId }) => ({
    throttleTimeMs: 0,
    topics: request.topics.map((topic) => ({
      topic: topic.topic,
      errorCode:
        nodeId === state.controllerId
          ? state.topics.create(topic, request.validateOnly)
          : codes.notController,
      errorMessage: null,
    })),
  }),
  3, // the layout of version 3, which kafkajs speaks, is the same
);

export const deleteTopicsHandler: Handler = handler(deleteTopicsApi, (request, { state, nodeId }) => ({
  throttleTimeMs: 0,
  topics: request.topics.map((topic) => {
    if (nodeId !== state.controllerId) return { topic, errorCode: codes.notController };
    return { topic, errorCode: state.deleteTopic(topic) ? codes.ok : codes.unknownTopic };
  }),
}));

type Resource = ResponseOf<typeof describeConfigsApi>['resources'][number];

export const describeConfigsHandler: Handler = handler(describeConfigsApi, (request, { state }) => ({
  throttleTimeMs: 0,
  resources: request.resources.map(({ type, name, configNames }): Resource => {
    const topic = type === topicResource ? state.topics.get(name) : undefined;
    const errorCode = type !== topicResource ? codes.invalidRequest : topic ? codes.ok : codes.unknownTopic;
    return { errorCode, errorMessage: null, type, name, configs: topic ? configsOf(topic, configNames) : [] };
  }),
}));

function configsOf(topic: Topic, only: readonly string[] | null): Resource['configs'] {
  const names = new Set([...Object.keys(defaultConfigs), ...topic.configs.keys()]);
  return [...names]
    .filter((name) => only === null || only.includes(name))
    .map((name) => ({
      name,
      value: topic.configs.get(name) ?? defaultConfigs[name] ?? null,
      readOnly: false,
      source: topic.configs.has(name) ? configSources.topic : configSources.default,
      sensitive: false,
      synonyms: [],
    }));
}
