import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { Dice } from '../engine/dice.ts';
import { sinkStyles } from '../world/sink-plugin.ts';

export interface ConnectorSpec {
  readonly name: string;
  readonly kind: 'source' | 'sink';
}

export const outTopic = (name: string): string => `${name}-out`;
export const inTopic = (name: string): string => `${name}-in`;
export const deadLetterTopic = (name: string): string => `${name}-dlq`;

const converters = {
  'key.converter': 'sim.Text',
  'value.converter': 'sim.Text',
  'header.converter': 'sim.Text',
};

/** One or two connectors: a pair shows that one does not disturb the other. */
export function randomConnectors(dice: Dice): ConnectorSpec[] {
  const count = dice.chance(0.3) ? 2 : 1;
  const names = ['orders', 'users'];
  return Array.from({ length: count }, (_, i) => ({
    name: names[i] ?? `c${i}`,
    kind: dice.chance(0.5) ? 'source' : 'sink',
  }));
}

/** A valid config; each call draws another one. */
export function randomConfig({ name, kind }: ConnectorSpec, dice: Dice): ConnectorConfig {
  return {
    ...converters,
    'connector.class': kind === 'source' ? 'sim.Source' : 'sim.Sink',
    'tasks.max': String(dice.between(1, 3)),
    'offset.flush.interval.ms': dice.pick(['100', '1000', '60000']),
    ...randomMode(dice),
    // Now and then so small that even healthy work uses it up.
    ...(dice.chance(0.3) ? { 'lambda.budget.runs.per.hour': String(dice.between(2, 10)) } : {}),
    ...randomErrors(name, dice),
    ...(kind === 'source' ? randomSource(dice) : randomSink(name, dice)),
  };
}

function randomMode(dice: Dice): ConnectorConfig {
  if (dice.chance(0.45))
    return {
      'lambda.mode': 'continuous',
      'lambda.rediscovery.interval.ms': dice.pick(['60000', '120000', '300000']),
    };
  return { 'lambda.mode': 'drain', 'lambda.schedule': dice.pick(['rate(1 minute)', 'rate(2 minutes)']) };
}

function randomErrors(name: string, dice: Dice): ConnectorConfig {
  const deadLetters = {
    'errors.deadletterqueue.topic.name': deadLetterTopic(name),
    'errors.deadletterqueue.topic.replication.factor': '1',
  };
  return dice.pick([
    {},
    { 'errors.tolerance': 'all', 'errors.log.enable': 'true' },
    { 'errors.tolerance': 'all', ...deadLetters },
    { 'errors.tolerance': 'all', ...deadLetters },
    { 'errors.tolerance': 'none', ...deadLetters },
  ]);
}

function randomSource(dice: Dice): ConnectorConfig {
  const interval = { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '1500' };
  return { batch: String(dice.between(1, 4)), ...(dice.chance(0.3) ? interval : {}) };
}

function randomSink(name: string, dice: Dice): ConnectorConfig {
  return {
    topics: inTopic(name),
    style: dice.pick(sinkStyles),
    ...(dice.chance(0.3) ? { 'consumer.override.max.poll.records': String(dice.between(1, 5)) } : {}),
    ...(dice.chance(0.5) ? { 'consumer.override.isolation.level': 'read_committed' } : {}),
    ...(dice.chance(0.2) ? { 'lambda.group.offsets': 'true' } : {}),
  };
}
