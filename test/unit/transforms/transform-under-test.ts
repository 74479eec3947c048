import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import type { Transformation } from '../../../lib/api/transform.ts';
import { transformationPlugins } from '../../../lib/transforms/index.ts';

/** A transformation of Kafka by its simple name, `Cast$Value`. */
export function transformation(name: string, config: ConnectorConfig): Transformation {
  const plugin = transformationPlugins.find((each) => each.class.endsWith(`.${name}`));
  if (plugin === undefined) throw new Error(`no ${name}`);
  return plugin.create(config);
}

export const apply = (name: string, config: ConnectorConfig, record: ConnectRecord): ConnectRecord | null =>
  transformation(name, config).apply(record);
