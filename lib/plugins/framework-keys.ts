import type { ConfigKey, ConfigKeys, ConfigProps } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import type { ConnectorPlugin } from '../api/connector.ts';
import { connectorConfig } from './connector-config.ts';
import { requireImplementation } from './plugin-classes.ts';
import type { PluginRegistry } from './registry.ts';
import { sinkConfig } from './sink-config.ts';
import { sourceConfig } from './source-config.ts';
import { defaultWorkerConfig } from './worker-config.ts';

export type ConverterRole = 'key.converter' | 'value.converter' | 'header.converter';

export const converterInterface = {
  'key.converter': 'Converter',
  'value.converter': 'Converter',
  'header.converter': 'HeaderConverter',
} as const satisfies Record<ConverterRole, string>;

/** The framework's keys for this kind of connector, as the definition of a connector class shows them. */
export const frameworkKeys = (plugin: ConnectorPlugin): ConfigKeys => ({
  ...ofEveryConnector(plugin),
  ...(plugin.kind === 'source' ? sourceConfig : sinkConfig),
});

/** Only those every connector has. */
export const ofEveryConnector = (plugin: ConnectorPlugin): ConfigKeys => ({
  ...connectorConfig,
  'connector.plugin.version': { ...connectorConfig['connector.plugin.version'], default: plugin.version },
});

export interface Enrichment {
  readonly plugin: ConnectorPlugin;
  readonly config: ConfigProps;
  readonly registry: PluginRegistry;
  /** Properties of the worker, such as its converters: what it has is a connector's default. */
  readonly workerConfig: ConnectorConfig;
}

/** The same keys with what this config and this worker make of them: defaults and recommended values. */
export function enrichedFrameworkKeys(enrichment: Enrichment): ConfigKeys {
  const { plugin } = enrichment;
  const keys = frameworkKeys(plugin);
  const version = keys['connector.plugin.version'] as ConfigKey;
  return {
    ...keys,
    'connector.plugin.version': {
      ...version,
      recommender: {
        validValues: () => [plugin.version],
        visible: (_name, parsed) => parsed['connector.class'] !== null,
      },
    },
    ...converterKeys('key.converter', enrichment),
    ...converterKeys('value.converter', enrichment),
    ...converterKeys('header.converter', enrichment),
  };
}

function converterKeys(role: ConverterRole, { config, registry, workerConfig }: Enrichment): ConfigKeys {
  const wanted = converterInterface[role];
  const ofWorker = { ...defaultWorkerConfig, ...workerConfig }[role] ?? null;
  const chosen = registry.findAs(config[role] ?? ofWorker ?? '', wanted);
  const versionKey = `${role}.plugin.version` as const;
  return {
    [role]: {
      ...connectorConfig[role],
      default: ofWorker,
      validator: {
        description: `a class that implements ${wanted}`,
        ensureValid(_name, value) {
          // The worker's own is not the connector's to answer for.
          if (value !== null && value !== ofWorker) requireImplementation(registry, value as string, wanted);
        },
      },
      recommender: {
        validValues: () => registry.all(wanted).map((plugin) => plugin.class),
        visible: () => true,
      },
    },
    [versionKey]: {
      ...connectorConfig[versionKey],
      default: chosen?.version ?? null,
      recommender: {
        ...connectorConfig[versionKey].recommender,
        validValues: (_name, parsed) => {
          const plugin = registry.findAs(String(parsed[role]), wanted);
          return plugin === undefined ? [] : [plugin.version];
        },
      },
    },
  };
}
