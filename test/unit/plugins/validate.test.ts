import { describe, expect, it } from 'vitest';
import { fileStreamSink, fileStreamSource } from '../../../lib/connectors/file/index.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { validateConnectorConfig } from '../../../lib/plugins/validate.ts';

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
});
