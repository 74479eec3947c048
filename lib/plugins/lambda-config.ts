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
  'lambda.budget.runs.per.hour': {
    type: 'LONG',
    default: -1,
    importance: 'LOW',
    group,
    orderInGroup: 4,
    displayName: 'Runs per hour',
    doc: 'Most runs of the connector in an hour. When they are used up nothing is granted until the hour is over, or the connector is restarted, resumed or given another config. `-1`: a limit only a runaway meets, 240 a task (more with a schedule of seconds).',
  },
  'lambda.budget.ms.per.day': {
    type: 'LONG',
    default: -1,
    importance: 'LOW',
    group,
    orderInGroup: 5,
    displayName: 'Run time per day (ms)',
    doc: 'Most run time of the connector in a day (UTC), all tasks together, as Lambda bills it. Used up, it is as with the runs. `-1`: 36 hours a task, which no schedule reaches.',
  },
} as const satisfies ConfigKeys;

/** Those of sinks alone. */
export const lambdaSinkConfig = {
  'lambda.group.offsets': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    group,
    orderInGroup: 6,
    displayName: 'Show offsets in the consumer group',
    doc: 'Whether committed offsets are also written to the consumer group `connect-<name>` (or `consumer.override.group.id`), where tools look for lag. They are only shown there: the table counts.',
  },
  'lambda.scaling': {
    type: 'STRING',
    default: 'demand',
    importance: 'MEDIUM',
    group,
    orderInGroup: 7,
    displayName: 'Scaling',
    validator: caseInsensitiveOneOf('demand', 'fixed'),
    doc: '`demand`: as many tasks as the backlog needs, from 1 to `tasks.max` and one a partition, at most twice as many each time the connector is planned. `fixed`: always as many as `tasks.max` and the partitions allow, as in Kafka Connect.',
  },
  'lambda.scaling.drain.ms': {
    type: 'LONG',
    default: 60_000,
    importance: 'LOW',
    group,
    orderInGroup: 8,
    displayName: 'Drain within (ms)',
    validator: atLeast(1_000),
    doc: 'With `lambda.scaling=demand`: how fast the backlog is to be brought to nothing. Fewer milliseconds mean more tasks.',
  },
} as const satisfies ConfigKeys;
