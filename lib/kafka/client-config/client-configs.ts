import { ConfigDef } from '../../api/config-def.ts';
import { adminKeys } from './admin-keys.ts';
import { consumerKeys } from './consumer-keys.ts';
import { producerKeys } from './producer-keys.ts';
import { type ClientKeyRows, required } from './client-key-row.ts';
import { sharedKeys } from './shared-keys.ts';

export type ClientKind = 'producer' | 'consumer' | 'admin';

const anchors = { producer: 'producerconfigs', consumer: 'consumerconfigs', admin: 'adminclientconfigs' };

const keysOf = (kind: ClientKind, own: ClientKeyRows): ConfigDef =>
  new ConfigDef(
    Object.fromEntries(
      Object.entries({ ...sharedKeys, ...own }).map(([name, [type, fallback, importance, group]]) => [
        name,
        {
          type,
          ...(fallback === required ? {} : { default: fallback }),
          importance,
          ...(group === undefined ? {} : { group }),
          doc: `Setting of Kafka's ${kind}: https://kafka.apache.org/documentation/#${anchors[kind]}_${name}`,
        },
      ]),
    ),
  );

/**
 * The settings of Kafka's Java clients, which connector configs override under `producer.override.` and so on. They
 * make validation answer as Kafka Connect does; what Sluice's own client heeds of them is another matter.
 */
export const clientConfigs: Readonly<Record<ClientKind, ConfigDef>> = {
  producer: keysOf('producer', producerKeys),
  consumer: keysOf('consumer', consumerKeys),
  admin: keysOf('admin', adminKeys),
};
