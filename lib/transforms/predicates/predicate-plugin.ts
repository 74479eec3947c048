import { connectVersion } from '../../api/connect-version.ts';
import type { ConfigDef, ConfigKeys, ParsedConfig } from '../../api/config-def.ts';
import type { ConnectRecord } from '../../api/record.ts';
import type { PredicatePlugin } from '../../api/transform.ts';

/** A predicate of Kafka Connect by its simple name. */
export function predicatePlugin<K extends ConfigKeys>(
  name: string,
  configDef: ConfigDef<K>,
  create: (config: ParsedConfig<K>) => (record: ConnectRecord) => boolean,
): PredicatePlugin {
  return {
    kind: 'predicate',
    class: `org.apache.kafka.connect.transforms.predicates.${name}`,
    version: connectVersion,
    configDef: configDef as ConfigDef,
    create: (config) => ({ test: create(configDef.parse(config)) }),
  };
}
