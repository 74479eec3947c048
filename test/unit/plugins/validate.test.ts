import { describe, expect, it } from 'vitest';
import type { SourcePlugin } from '../../../lib/api/connector.ts';
import { ConnectError } from '../../../lib/api/errors.ts';
import type { SourceConnector } from '../../../lib/api/source.ts';
import { fileStreamSink, fileStreamSource } from '../../../lib/connectors/file/index.ts';
import { jsonConverter } from '../../../lib/converters/json-converter.ts';
import { invalidConfig } from '../../../lib/plugins/invalid-config.ts';
import { sluiceKeys } from '../../../lib/plugins/sluice-keys.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { validateConnectorConfig } from '../../../lib/plugins/validate.ts';
import { validateConnector } from '../../../lib/plugins/validate-connector.ts';
import { castKey, castValue } from '../../../lib/transforms/cast.ts';
import { replaceFieldValue } from '../../../lib/transforms/replace-field.ts';

const registry = new PluginRegistry([fileStreamSource, fileStreamSink]);
const errorsOf = (config: Record<string, string>) =>
  validateConnectorConfig(config, registry).configs.flatMap(({ value }) => value.errors);
const source = { name: 's', 'connector.class': 'FileStreamSource', file: '/f', topic: 't' };
const sink = { name: 's', 'connector.class': 'FileStreamSink', file: '/f', topics: 't' };

describe('config validation', () => {
  it('accepts what is complete', () => {
    expect(errorsOf(source)).toEqual([]);
    expect(errorsOf(sink)).toEqual([]);
  });

  it('reports every error at once, in the words of Kafka Connect', () => {
    const { topic: _, ...withoutTopic } = source;
    expect(
      errorsOf({ ...withoutTopic, 'tasks.max': '0', 'errors.tolerance': 'some', 'batch.size': 'many' }),
    ).toEqual([
      'Invalid value 0 for configuration tasks.max: Value must be at least 1',
      'Invalid value some for configuration errors.tolerance: String must be one of: none, all',
      'Missing required configuration "topic" which has no default value.',
      'Invalid value many for configuration batch.size: Not a number of type INT',
    ]);
  });

  it.each([
    [{ ...sink, topics: '' }, 'Must configure one of topics or topics.regex'],
    [
      { ...sink, 'topics.regex': 'a.*' },
      'topics and topics.regex are mutually exclusive options, but both are set.',
    ],
    [
      { ...sink, 'errors.deadletterqueue.topic.name': 't' },
      "The DLQ topic 't' may not be included in the list of topics ('topics=[t]') consumed by the connector",
    ],
    [
      { ...source, 'exactly.once.support': 'required' },
      'This worker does not have exactly-once source support enabled.',
    ],
    [
      { ...source, 'errors.tolerance': 'ALL' },
      'Invalid value ALL for configuration errors.tolerance: String must be one of: none, all',
    ],
    [{ ...sink, topics: '', 'topics.regex': '[' }, 'Invalid regex: Unclosed character class near index 0'],
    [
      { ...source, transforms: 'a' },
      'Missing required configuration "transforms.a.type" which has no default value.',
    ],
    [
      { ...source, 'value.converter': 'Nothing' },
      'Invalid value Nothing for configuration value.converter: Class Nothing could not be found.',
    ],
  ])('%j: %s', (config, message) => {
    expect(errorsOf(config).join('\n')).toContain(message);
  });

  it('names keys that nothing reads, with what was probably meant', () => {
    const { unknownKeys, errorCount } = validateConnectorConfig(
      { ...source, 'batch.sise': '5', mine: 'x' },
      registry,
    );
    expect(errorCount).toBe(0);
    expect(unknownKeys).toEqual([{ key: 'batch.sise', suggestion: 'batch.size' }, { key: 'mine' }]);
  });

  it('does not judge a value with a placeholder, unless placeholders have been resolved', () => {
    const config = {
      ...source,
      'tasks.max': '${env:TASKS}',
      'producer.override.batch.size': '${env:SIZE}',
      'lambda.mode': '${env:MODE}',
    };
    const { errorCount, failure } = validateConnectorConfig(config, registry);
    expect({ errorCount, failure }).toEqual({ errorCount: 0, failure: undefined });
    const resolved = validateConnectorConfig(config, registry, { isResolved: true });
    expect(resolved.configs.flatMap(({ value }) => value.errors)).toContain(
      'Invalid value ${env:TASKS} for configuration tasks.max: Not a number of type INT',
    );
  });

  it('has Sluice’s own keys after all of Kafka Connect’s', () => {
    const { configs, groups } = validateConnectorConfig(
      { ...source, 'producer.override.acks': '1', 'lambda.mode': 'never' },
      registry,
    );
    const own = Object.keys(sluiceKeys('source'));
    expect(configs.slice(-own.length).map(({ name }) => name)).toEqual(own);
    expect(groups.at(-1)).toBe('Lambda');
    expect(configs.at(-own.length)?.value.errors).toHaveLength(1);
  });

  it('counts a null value once more, and shows a key nobody knows before the others', () => {
    const { configs, errorCount } = validateConnectorConfig({ ...source, name: null, mine: null }, registry);
    const wrong = configs.filter(({ value }) => value.errors.length > 0).map(({ name }) => name);
    expect(wrong).toEqual(['mine', 'name']);
    expect(configs[0]).toMatchObject({ name: 'mine', definition: null });
    expect(errorCount).toBe(2);
  });

  it.each([
    [
      'a converter whose type is null gets its own',
      { 'value.converter': 'Json', 'value.converter.converter.type': null },
    ],
    [
      'a null for a list of a transformation is an error of that key',
      { transforms: 'r', 'transforms.r.type': replaceFieldValue.class, 'transforms.r.renames': null },
    ],
  ])('reports a null once: %s', (_what, config) => {
    const plugins = new PluginRegistry([fileStreamSource, jsonConverter, replaceFieldValue]);
    const { configs } = validateConnectorConfig({ ...source, ...config }, plugins);
    const errors = configs.flatMap(({ value }) => value.errors);
    expect(errors).toEqual(['Null value can not be supplied as the configuration value.']);
  });

  it('hands on what to do about an error beside Kafka Connect’s words', () => {
    const withCast = new PluginRegistry([fileStreamSource, castValue, castKey]);
    const config = { ...source, transforms: 'c', 'transforms.c.type': 'Cast$Value' };
    const invalid = invalidConfig(validateConnectorConfig(config, withCast));
    expect(invalid).toMatchObject({ code: 'BAD_REQUEST' });
    expect(invalid?.message).toBe(
      [
        'Connector configuration is invalid and contains the following 1 error(s):',
        'Invalid value Cast$Value for configuration transforms.c.type: Class Cast$Value could not be found.',
        'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
      ].join('\n'),
    );
    expect(invalid?.hint).toBe('Did you mean org.apache.kafka.connect.transforms.Cast$Value?');
  });
});

describe('the validation of REST and herder', () => {
  const { connector: connectorOf, ...rest } = fileStreamSource;
  const sourceSaying = (hooks: Partial<SourceConnector>): SourcePlugin => ({
    ...rest,
    class: 'test.Saying',
    connector: async () => Object.assign(await connectorOf(), { exactlyOnceSupport: undefined }, hooks),
  });
  const noEos = 'This worker does not have exactly-once source support enabled.';

  it.each([
    ['nothing', {}, [noEos, expect.stringContaining('does not implement the API required')]],
    ['SUPPORTED', { exactlyOnceSupport: () => 'SUPPORTED' as const }, [noEos]],
    [
      'UNSUPPORTED',
      { exactlyOnceSupport: () => 'UNSUPPORTED' as const },
      [noEos, 'The connector does not support exactly-once semantics with the provided configuration.'],
    ],
    [
      'by failing',
      {
        exactlyOnceSupport: () => {
          throw new ConnectError(' broken ');
        },
      },
      [noEos, 'An unexpected error occurred during validation: broken'],
    ],
  ])('asks a source whether it can deliver exactly once; it says %s', async (_what, hooks, errors) => {
    const saying = new PluginRegistry([sourceSaying(hooks)]);
    const { configs } = await validateConnector(
      { ...source, 'connector.class': 'test.Saying', 'exactly.once.support': 'required' },
      saying,
    );
    expect(configs.find(({ name }) => name === 'exactly.once.support')?.value.errors).toEqual(errors);
  });

  it('lets a worker with exactly-once support have it required of a source that can', async () => {
    const required = { ...source, 'exactly.once.support': 'required' };
    const errorCount = async (support: string, config: Record<string, string> = required) =>
      (
        await validateConnector(config, registry, {
          workerConfig: { 'exactly.once.source.support': support },
        })
      ).errorCount;
    expect(await errorCount('Enabled')).toBe(0);
    expect(await errorCount('preparing')).toBe(1);
    const { file: _, ...withoutFile } = required;
    expect(await errorCount('enabled', withoutFile)).toBe(1);
    await expect(errorCount('on')).rejects.toThrow(
      'Invalid value on for configuration exactly.once.source.support',
    );
  });

  it('lets only a source define its transactions that can', async () => {
    const config = { ...source, 'connector.class': 'test.Saying', 'transaction.boundary': 'Connector' };
    const errorCount = async (can: boolean) =>
      (
        await validateConnector(
          config,
          new PluginRegistry([sourceSaying({ canDefineTransactionBoundaries: () => can })]),
        )
      ).errorCount;
    expect([await errorCount(true), await errorCount(false)]).toEqual([0, 1]);
  });

  it('refuses a config without a class, and shows nothing of it that looks like a secret', async () => {
    await expect(validateConnector({ name: 'x', 'db.password': 'pw' }, registry)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'Connector config {name=x, db.password=[hidden]} contains no connector type',
    });
  });

  it('refuses a class nobody knows with what there is', async () => {
    await expect(validateConnector({ 'connector.class': 'Nope' }, registry)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/which name matches Nope, available connectors are: org\.apache/),
    });
  });
});
