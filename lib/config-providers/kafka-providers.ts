import type { ConnectorConfig } from '../api/config.ts';
import type { Logger } from '../foundation/logger.ts';
import { directoryProvider } from './directory.ts';
import { envProvider } from './env.ts';
import { fileProvider } from './file.ts';
import type { Files } from './files.ts';
import type { ConfigProviders } from './placeholders.ts';

export interface KafkaProvidersOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** Parameters as a Connect worker has them: `config.providers.file.param.allowed.paths`. */
  readonly workerConfig: ConnectorConfig;
  readonly log: Logger;
}

/** The providers of Apache Kafka under the names its documentation gives them. */
export function kafkaProviders(options: KafkaProvidersOptions): ConfigProviders {
  const { environment, files, workerConfig, log } = options;
  const param = (provider: string, name: string): string | undefined =>
    workerConfig[`config.providers.${provider}.param.${name}`];
  return {
    file: fileProvider({ files, allowedPaths: param('file', 'allowed.paths'), log }),
    dir: directoryProvider({ files, allowedPaths: param('dir', 'allowed.paths'), log }),
    env: envProvider(environment, param('env', 'allowlist.pattern')),
  };
}
