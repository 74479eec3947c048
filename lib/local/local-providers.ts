import { awsProviders } from '../config-providers/aws.ts';
import { disk } from '../config-providers/disk.ts';
import { kafkaProviders } from '../config-providers/kafka-providers.ts';
import type { ConfigProviders } from '../config-providers/placeholders.ts';
import type { Logger } from '../foundation/logger.ts';

/** Every config provider there is, over this machine's environment and files. */
export function localProviders(
  environment: Readonly<Record<string, string | undefined>>,
  log: Logger,
): ConfigProviders {
  return { ...awsProviders(), ...kafkaProviders({ environment, files: disk, workerConfig: {}, log }) };
}
