import { parseList } from '../api/config-def/parse-type.ts';
import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';
import { defaultWorkerConfig } from './worker-config.ts';

/** Which client settings connectors may override (KIP-458, KIP-1188). */
export interface OverridePolicy {
  readonly name: string;
  allows(setting: string): boolean;
}

const policyKey = 'connector.client.config.override.policy';
const allowlistKey = 'connector.client.config.override.allowlist';
const principal = ['sasl.jaas.config', 'sasl.mechanism', 'security.protocol'];

/** The policy of a worker, by Connect's names. Throws a ConfigError for another name. */
export function overridePolicy(workerConfig: ConnectorConfig): OverridePolicy {
  const wanted = workerConfig[policyKey] ?? defaultWorkerConfig[policyKey] ?? '';
  const name = wanted.trim().replace(/^.*\.(\w+)ConnectorClientConfigOverridePolicy$/, '$1');
  const allowed = (): readonly string[] => parseList((workerConfig[allowlistKey] ?? '').trim());
  switch (name) {
    case 'All':
      return { name, allows: () => true };
    case 'None':
      return { name, allows: () => false };
    case 'Principal':
      return { name, allows: (setting) => principal.includes(setting) };
    case 'Allowlist':
      return { name, allows: (setting) => allowed().includes(setting) };
    default:
      throw new ConfigError(`Unknown ${policyKey} ${wanted}`, {
        hint: 'Write All, None, Principal or Allowlist.',
      });
  }
}
