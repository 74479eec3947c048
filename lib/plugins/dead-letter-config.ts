import type { ConfigKeys } from '../api/config-def.ts';

const group = 'Error Handling';

/** Keys of the dead-letter topic: of sinks in Kafka Connect, of sources too in Sluice. */
export const deadLetterConfig = {
  'errors.deadletterqueue.topic.name': {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    group,
    orderInGroup: 6,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Name',
    doc: 'Topic for records that cannot be handled; empty: none.',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'SHORT',
    default: 3,
    importance: 'MEDIUM',
    group,
    orderInGroup: 7,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Replication Factor',
    doc: 'Replication factor with which that topic is created where it does not exist.',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    group,
    orderInGroup: 8,
    width: 'MEDIUM',
    displayName: 'Enable Error Context Headers',
    doc: 'Whether headers `__connect.errors.…` on such a record say what went wrong where.',
  },
} as const satisfies ConfigKeys;
