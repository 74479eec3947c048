import type { ConfigProps } from '../api/config-def.ts';
import type { ClientKind } from '../kafka/client-config/client-configs.ts';

/** The clients of Kafka that a connector has, in the order in which Connect validates their overrides. */
export function clientsOf(kind: 'source' | 'sink', config: ConfigProps): ClientKind[] {
  const creates =
    kind === 'source'
      ? Object.keys(config).some((key) => key.startsWith('topic.creation.'))
      : (config['errors.deadletterqueue.topic.name'] ?? '').trim() !== '';
  return [
    ...(kind === 'source' || creates ? (['producer'] as const) : []),
    ...(kind === 'sink' ? (['consumer'] as const) : []),
    ...(creates ? (['admin'] as const) : []),
  ];
}
