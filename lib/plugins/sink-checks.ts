import type { ConfigProps, ConfigValue } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import { compileJavaRegex } from '../foundation/java/regex.ts';
import { listOf } from '../pipeline/config-prefix.ts';
import { value, withError } from './validation.ts';

/** What no single key of a sink can say (SinkConnectorConfig.validate, DistributedHerder.validateSinkConnectorGroupId). */
export function checkSink(
  values: Map<string, ConfigValue>,
  config: ConfigProps,
  workerConfig: ConnectorConfig,
): void {
  checkTopics(values, config);
  checkGroupId(values, config, workerConfig['group.id']);
}

function checkTopics(values: Map<string, ConfigValue>, config: ConfigProps): void {
  const add = (name: string, error: string): void => {
    values.set(name, withError(values.get(name) ?? value(name, config[name] ?? null), error));
  };
  const hasTopics = isGiven(config['topics']);
  const hasRegex = isGiven(config['topics.regex']);
  if (hasTopics === hasRegex) {
    const message = hasTopics
      ? 'topics and topics.regex are mutually exclusive options, but both are set.'
      : 'Must configure one of topics or topics.regex';
    add('topics', message);
    add('topics.regex', message);
  }
  const deadLetters = (config['errors.deadletterqueue.topic.name'] ?? '').trim();
  if (deadLetters === '') return;
  const topics = [...new Set(listOf(config['topics'] ?? undefined))].filter((topic) => topic !== '');
  if (hasTopics && topics.includes(deadLetters)) {
    add(
      'topics',
      `The DLQ topic '${deadLetters}' may not be included in the list of topics ('topics=[${topics.join(', ')}]') consumed by the connector`,
    );
  }
  // An expression that is none has its own error by now.
  const regex = config['topics.regex'] ?? '';
  const isValid =
    values.get('topics.regex')?.errors.every((error) => !error.includes('Invalid regex')) ?? true;
  if (hasRegex && isValid && compileJavaRegex(regex).matches(deadLetters)) {
    add(
      'topics.regex',
      `The DLQ topic '${deadLetters}' may not be matched by the regex for the topics ('topics.regex=${regex}') consumed by the connector`,
    );
  }
}

function checkGroupId(
  values: Map<string, ConfigValue>,
  config: ConfigProps,
  workerGroup: string | undefined,
): void {
  const key = 'consumer.override.group.id';
  if (Object.hasOwn(config, key)) {
    const group = config[key] ?? null;
    const known = values.get(key) ?? value(key, group);
    const error = `Consumer group ${group} conflicts with Connect worker group ${workerGroup}`;
    values.set(key, group !== null && group === workerGroup ? withError(known, error) : known);
    return;
  }
  const name = values.get('name');
  if (name !== undefined && workerGroup === `connect-${String(name.value)}`) {
    values.set(
      'name',
      withError(
        name,
        `Consumer group for sink connector named ${String(name.value)} conflicts with Connect worker group ${workerGroup}`,
      ),
    );
  }
}

const isGiven = (text: string | null | undefined): boolean => (text ?? '').trim() !== '';
