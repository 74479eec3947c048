import { describe, expect, it } from 'vitest';
import { adminEffects } from '../../../lib/kafka/client-config/admin-effects.ts';
import { clientConfigs } from '../../../lib/kafka/client-config/client-configs.ts';
import { consumerEffects } from '../../../lib/kafka/client-config/consumer-effects.ts';
import { effectOf } from '../../../lib/kafka/client-config/effect-of.ts';
import { producerEffects } from '../../../lib/kafka/client-config/producer-effects.ts';
import { sharedEffects } from '../../../lib/kafka/client-config/shared-effects.ts';
import { inertOverrides, inertOverridesLine } from '../../../lib/plugins/inert-overrides.ts';

const kinds = ['producer', 'consumer', 'admin'] as const;

describe('the table of what client settings do', () => {
  it.each(kinds)('has every setting of Kafka’s %s', (client) => {
    const known = Object.keys(clientConfigs[client].keys);
    expect(known.filter((name) => effectOf(client, name) === undefined)).toEqual([]);
  });

  it('has no setting that Kafka does not have', () => {
    const effects = { producer: producerEffects, consumer: consumerEffects, admin: adminEffects };
    const strange = kinds.flatMap((client) =>
      Object.keys(effects[client]).filter((name) => clientConfigs[client].keys[name] === undefined),
    );
    const everywhere = kinds.flatMap((client) => Object.keys(clientConfigs[client].keys));
    const unshared = Object.keys(sharedEffects).filter((name) => !everywhere.includes(name));
    expect([strange, unshared]).toEqual([[], []]);
  });
});

describe('client overrides without effect', () => {
  const keysOf = (kind: 'source' | 'sink', config: Record<string, string>): string[] =>
    inertOverrides(kind, config).map(({ key }) => key);

  it('are those that nothing here has a use for, in the order of the config', () => {
    const config = {
      name: 's',
      'producer.override.linger.ms': '5',
      'producer.override.batch.size': '262144',
      'producer.override.sasl.jaas.config': 'x',
      'producer.override.buffer.memory': '1000',
    };
    expect(inertOverrides('source', config)).toEqual([
      { key: 'producer.override.linger.ms', reason: expect.stringMatching(/^In effect is only 0\. A batch/) },
      { key: 'producer.override.sasl.jaas.config', reason: expect.stringContaining('kafka-authentication') },
      { key: 'producer.override.buffer.memory', reason: expect.stringContaining('two polls') },
    ]);
  });

  it.each([
    ['producer.override.linger.ms', '0'],
    ['producer.override.partitioner.class', 'org.apache.kafka.clients.producer.RoundRobinPartitioner'],
    ['producer.override.linger.ms', '${env:LINGER}'],
    ['producer.override.client.dns.lookup', ' USE_ALL_DNS_IPS '],
  ])('are not those whose value is, or may be, what is done anyway: %s=%s', (key, value) => {
    expect(keysOf('source', { [key]: value })).toEqual([]);
  });

  it('are those of a client that the connector does not have', () => {
    const overrides = { 'consumer.override.max.poll.records': '1', 'producer.override.acks': '1' };
    expect(keysOf('source', overrides)).toEqual(['consumer.override.max.poll.records']);
    expect(inertOverrides('sink', overrides)).toEqual([
      { key: 'producer.override.acks', reason: 'This sink has no producer.' },
    ]);
    expect(keysOf('sink', { ...overrides, 'errors.deadletterqueue.topic.name': 'd' })).toEqual([]);
  });

  it('are slips of the pen, with what was probably meant', () => {
    expect(
      inertOverrides('source', {
        'producer.override.batch.sise': '1',
        'producer.override.toString': 'x',
        'producer.override.zzz': 'x',
      }),
    ).toEqual([
      {
        key: 'producer.override.batch.sise',
        reason: 'Kafka\'s producer has no such setting. Did you mean "batch.size"?',
      },
      { key: 'producer.override.toString', reason: "Kafka's producer has no such setting." },
      { key: 'producer.override.zzz', reason: "Kafka's producer has no such setting." },
    ]);
  });

  it('make one line', () => {
    expect(inertOverridesLine([])).toBeUndefined();
    const config = { 'producer.override.retries': '3', 'admin.override.retries': '3' };
    expect(inertOverridesLine(inertOverrides('source', config))).toBe(
      'client overrides without effect: producer.override.retries (A send is repeated until `delivery.timeout.ms`, as Kafka recommends), admin.override.retries (This source has no admin)',
    );
  });
});
