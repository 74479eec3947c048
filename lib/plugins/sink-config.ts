import type { ConfigKeys } from '../api/config-def.ts';
import { javaRegex, listOf } from '../api/config-def/validators.ts';
import { deadLetterConfig } from './dead-letter-config.ts';

const common = 'Common';

/** Further keys of sinks (Connect's SinkConnectorConfig). */
export const sinkConfig = {
  topics: {
    type: 'LIST',
    default: [],
    importance: 'HIGH',
    group: common,
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics',
    validator: listOf(),
    doc: 'Topics to read, separated by commas.',
  },
  'topics.regex': {
    type: 'STRING',
    default: '',
    importance: 'HIGH',
    group: common,
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics regex',
    validator: javaRegex,
    doc: 'Regular expression for the topics to read, matched in full. Exactly one of `topics` and `topics.regex` is needed.',
  },
  ...deadLetterConfig,
} as const satisfies ConfigKeys;
