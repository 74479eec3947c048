import { api } from './api.ts';
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  int8,
  nullableArray,
  nullableBytes,
  nullableString,
  string,
  struct,
} from './wire-types.ts';

/** What a client asks about the cluster, and how it signs in. */

export const apiVersionsApi = api('ApiVersions', 18, 2, {
  request: struct({}),
  response: struct({
    errorCode: int16,
    apis: array(struct({ key: int16, minVersion: int16, maxVersion: int16 })),
    throttleTimeMs: int32,
  }),
});

export const metadataApi = api('Metadata', 3, 6, {
  /** Null topics: all of them. */
  request: struct({ topics: nullableArray(string), allowAutoTopicCreation: boolean }),
  response: struct({
    throttleTimeMs: int32,
    brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: nullableString })),
    clusterId: nullableString,
    controllerId: int32,
    topics: array(
      struct({
        errorCode: int16,
        topic: string,
        isInternal: boolean,
        partitions: array(
          struct({
            errorCode: int16,
            partition: int32,
            leader: int32,
            replicas: array(int32),
            isr: array(int32),
            offlineReplicas: array(int32),
          }),
        ),
      }),
    ),
  }),
});

/** Version 4 has the layout of 3 and allows the broker's defaults for partitions and replication factor. */
export const createTopicsApi = api('CreateTopics', 19, 4, {
  request: struct({
    topics: array(
      struct({
        topic: string,
        partitions: int32,
        replicationFactor: int16,
        assignments: array(struct({ partition: int32, replicas: array(int32) })),
        configs: array(struct({ name: string, value: nullableString })),
      }),
    ),
    timeoutMs: int32,
    validateOnly: boolean,
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(struct({ topic: string, errorCode: int16, errorMessage: nullableString })),
  }),
});

export const deleteTopicsApi = api('DeleteTopics', 20, 1, {
  request: struct({ topics: array(string), timeoutMs: int32 }),
  response: struct({ throttleTimeMs: int32, topics: array(struct({ topic: string, errorCode: int16 })) }),
});

export const describeConfigsApi = api('DescribeConfigs', 32, 2, {
  request: struct({
    resources: array(struct({ type: int8, name: string, configNames: nullableArray(string) })),
    includeSynonyms: boolean,
  }),
  response: struct({
    throttleTimeMs: int32,
    resources: array(
      struct({
        errorCode: int16,
        errorMessage: nullableString,
        type: int8,
        name: string,
        configs: array(
          struct({
            name: string,
            value: nullableString,
            readOnly: boolean,
            source: int8,
            sensitive: boolean,
            synonyms: array(struct({ name: string, value: nullableString, source: int8 })),
          }),
        ),
      }),
    ),
  }),
});

export const saslHandshakeApi = api('SaslHandshake', 17, 1, {
  request: struct({ mechanism: string }),
  response: struct({ errorCode: int16, mechanisms: array(string) }),
});

export const saslAuthenticateApi = api('SaslAuthenticate', 36, 1, {
  request: struct({ authBytes: nullableBytes }),
  response: struct({
    errorCode: int16,
    errorMessage: nullableString,
    authBytes: nullableBytes,
    sessionLifetimeMs: int64,
  }),
});
