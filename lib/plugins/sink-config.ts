import type { ConfigKeys } from '../api/config-def.ts';
import { javaRegex, listOf } from '../api/config-def/validators.ts';

const common = 'Common';
const errors = 'Error Handling';

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
  'errors.deadletterqueue.topic.name': {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    group: errors,
    orderInGroup: 6,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Name',
    doc: 'Topic for records that cannot be handled; empty: none.',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'SHORT',
    default: 3,
    importance: 'MEDIUM',
    group: errors,
    orderInGroup: 7,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Replication Factor',
    doc: 'Replication factor with which that topic is created where it does not exist.',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    group: errors,
    orderInGroup: 8,
    width: 'MEDIUM',
    displayName: 'Enable Error Context Headers',
    doc: 'Whether headers `__connect.errors.…` on such a record say what went wrong where.',
  },
} as const satisfies ConfigKeys;
