import { describe, expect, it } from 'vitest';
import { fileStreamSink, fileStreamSource } from '../../../lib/connectors/file/index.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { validateConnectorConfig } from '../../../lib/plugins/validate.ts';

const registry = new PluginRegistry([fileStreamSource, fileStreamSink]);
const source = { name: 's', 'connector.class': 'FileStreamSource', file: '/f', topic: 't' };
const sink = { name: 's', 'connector.class': 'FileStreamSink', file: '/f', topics: 't' };
const validate = (config: Record<string, string>, workerConfig: Record<string, string> = {}) =>
  validateConnectorConfig(config, registry, { workerConfig });
const overridesOf = (config: Record<string, string>, workerConfig?: Record<string, string>) =>
  validate(config, workerConfig).configs.filter(({ name }) => name.includes('.override.'));
const policy = (name: string, allowlist = '') => ({
  'connector.client.config.override.policy': name,
  'connector.client.config.override.allowlist': allowlist,
});

describe('client overrides', () => {
  it.each([
    ['a source has a producer', source, ['producer']],
    [
      'a source that creates topics has an admin client too',
      { ...source, 'topic.creation.default.partitions': '1' },
      ['producer', 'admin'],
    ],
    ['a sink has a consumer', sink, ['consumer']],
    [
      'a sink with dead letters has all three',
      { ...sink, 'errors.deadletterqueue.topic.name': 'd' },
      ['producer', 'consumer', 'admin'],
    ],
  ])('are validated for the clients there are: %s', (_what, config, clients) => {
    const all = {
      'producer.override.retries': '1',
      'consumer.override.client.id': 'c',
      'admin.override.retries': '2',
    };
    expect(overridesOf({ ...config, ...all }).map(({ name }) => name.split('.')[0])).toEqual(clients);
  });

  it('are parsed by the types of Kafka’s settings; unknown ones are taken as they are', () => {
    const found = overridesOf({
      ...source,
      'producer.override.batch.size': ' 10 ',
      'producer.override.ssl.key.password': 'secret',
      'producer.override.mine': ' x ',
    });
    const values = Object.fromEntries(found.map(({ name, value }) => [name, String(value.value)]));
    expect(values).toEqual({
      'producer.override.batch.size': '10',
      'producer.override.ssl.key.password': '[hidden]',
      'producer.override.mine': ' x ',
    });
    expect(found.find(({ name }) => name.endsWith('mine'))?.definition).toBeNull();
  });

  it('that cannot be parsed are errors, and what Kafka Connect fails the whole validation with', () => {
    const { failure, errorCount, configs } = validate({
      ...source,
      'tasks.max': '0',
      'producer.override.batch.size': 'x',
    });
    const message = 'Invalid value x for configuration batch.size: Not a number of type INT';
    expect(failure?.message).toBe(message);
    expect(errorCount).toBe(2);
    expect(configs.flatMap(({ value }) => value.errors)).toEqual([
      'Invalid value 0 for configuration tasks.max: Value must be at least 1',
      message,
    ]);
  });

  it('fail the validation with the first one Kafka Connect comes to: the consumer’s are last', () => {
    const { failure } = validate({
      ...sink,
      'errors.deadletterqueue.topic.name': 'd',
      'consumer.override.max.poll.records': 'x',
      'admin.override.retries': 'y',
    });
    expect(failure?.message).toBe('Invalid value y for configuration retries: Not a number of type INT');
  });

  it.each([
    [policy('All'), ['acks', 'linger.ms', 'security.protocol']],
    [{}, ['acks', 'linger.ms', 'security.protocol']],
    [policy('None'), []],
    [policy('Principal'), ['security.protocol']],
    [policy('Allowlist', 'acks, linger.ms'), ['acks', 'linger.ms']],
    [policy('Allowlist'), []],
    [policy('org.apache.kafka.connect.connector.policy.NoneConnectorClientConfigOverridePolicy'), []],
  ])('under %j: %j are allowed', (workerConfig, allowed) => {
    const found = overridesOf(
      {
        ...source,
        'producer.override.acks': '1',
        'producer.override.linger.ms': '5',
        'producer.override.security.protocol': 'SSL',
      },
      workerConfig,
    );
    const settings = found.filter(({ value }) => value.errors.length === 0).map(({ name }) => name.slice(18));
    expect(settings.toSorted()).toEqual(allowed.toSorted());
  });

  it('that a policy does not allow are refused in its name', () => {
    const [entry] = overridesOf({ ...source, 'producer.override.acks': '1' }, policy('None'));
    expect(entry?.value.errors).toEqual([
      "The 'None' policy does not allow 'acks' to be overridden in the connector configuration.",
    ]);
  });

  it('are not guessed at under a policy there is none of', () => {
    expect(() => validate(source, policy('Some'))).toThrow(
      /Unknown connector.client.config.override.policy Some/,
    );
  });
});
