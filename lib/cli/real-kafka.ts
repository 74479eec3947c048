import { ConfigError } from '../api/errors.ts';
import type { KafkaPlace } from '../kafka/ports.ts';
import { readClientProperties } from '../local/client-properties.ts';
import type { Terminal } from './terminal.ts';

/** Options of every command that can use a real Kafka. */
export const realKafkaOptions = {
  'bootstrap-server': { type: 'string' },
  'command-config': { type: 'string' },
} as const;

interface Values {
  readonly 'bootstrap-server'?: string | undefined;
  readonly 'command-config'?: string | undefined;
}

/** The Kafka that the options name and how to get in; undefined: none is named. Throws ConfigError. */
export async function realKafka(
  { 'bootstrap-server': servers, 'command-config': file }: Values,
  { environment }: Terminal,
): Promise<KafkaPlace | undefined> {
  if (servers === undefined) {
    if (file === undefined) return undefined;
    throw new ConfigError('--command-config says how to sign in to a real Kafka, but none is given', {
      hint: 'Give --bootstrap-server HOST:PORT too.',
    });
  }
  const bootstrapServers = servers.split(',');
  if (file === undefined) return { bootstrapServers };
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  return { bootstrapServers, ...(await readClientProperties(file, { bootstrapServers, region })) };
}
