import type { ConnectorConfig } from '../api/config.ts';
import type { Converter, HeaderConverter } from '../api/converter.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { defaultWorkerConfig } from '../plugins/worker-config.ts';
import { withPrefix } from './config-prefix.ts';

export interface Converters {
  readonly key: Converter;
  readonly keyClass: string;
  readonly value: Converter;
  readonly valueClass: string;
  readonly header: HeaderConverter;
  readonly headerClass: string;
}

/**
 * Connect's inheritance: a converter named on the connector takes only the connector's options; without one the
 * worker's converter is used with the worker's options, and `value.converter.…` keys of the connector are ignored.
 */
export function createConverters(
  config: ConnectorConfig,
  workerConfig: ConnectorConfig,
  registry: PluginRegistry,
): Converters {
  const choose = (role: 'key.converter' | 'value.converter' | 'header.converter') => {
    const from = config[role] === undefined ? { ...defaultWorkerConfig, ...workerConfig } : config;
    return { name: from[role] ?? '', options: withPrefix(from, `${role}.`) };
  };
  const key = choose('key.converter');
  const value = choose('value.converter');
  const header = choose('header.converter');
  const keyPlugin = registry.converter(key.name);
  const valuePlugin = registry.converter(value.name);
  const headerPlugin = registry.headerConverter(header.name);
  return {
    key: keyPlugin.create(key.options, true),
    keyClass: keyPlugin.class,
    value: valuePlugin.create(value.options, false),
    valueClass: valuePlugin.class,
    header: headerPlugin.createHeader(header.options),
    headerClass: headerPlugin.class,
  };
}
