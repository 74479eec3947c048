import type { ConfigKeys } from '../api/config-def.ts';
import { atLeast, caseInsensitiveOneOf } from '../api/config-def/validators.ts';

const group = 'Lambda';

/** Sluice's own keys. Kafka Connect passes unknown keys through, so a config with them still runs there. */
export const lambdaConfig = {
  'lambda.mode': {
    type: 'STRING',
    default: 'drain',
    importance: 'MEDIUM',
    group,
    orderInGroup: 1,
    displayName: 'Mode',
    validator: caseInsensitiveOneOf('drain', 'continuous'),
    doc: "`drain`: runs on the schedule and stops when caught up. `continuous`: a task is always running, handed over before Lambda's 15 minutes end. `sluice dev` runs connectors that do not say continuously, and drains all of them with `--once`.",
  },
  'lambda.schedule': {
    type: 'STRING',
    default: 'rate(1 minute)',
    importance: 'MEDIUM',
    group,
    orderInGroup: 2,
    displayName: 'Schedule',
    doc: 'How often a `drain` connector runs: `rate(1 minute)`, `rate(15 minutes)`, `rate(1 hour)`.',
  },
  'lambda.rediscovery.interval.ms': {
    type: 'LONG',
    default: 300_000,
    importance: 'LOW',
    group,
    orderInGroup: 3,
    displayName: 'Rediscovery interval (ms)',
    validator: atLeast(1_000),
    doc: 'How often a `continuous` connector looks for new tables or topic partitions. In `drain` mode each drain does.',
  },
} as const satisfies ConfigKeys;

/** Those of sinks alone. */
export const lambdaSinkConfig = {
  'lambda.group.offsets': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    group,
    orderInGroup: 4,
    displayName: 'Show offsets in the consumer group',
    doc: 'Whether committed offsets are also written to the consumer group `connect-<name>` (or `consumer.override.group.id`), where tools look for lag. They are only shown there: the table counts.',
  },
} as const satisfies ConfigKeys;
