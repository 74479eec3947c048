import { connectVersion } from '../../api/connect-version.ts';
import type { ConfigDef, ConfigKeys, ParsedConfig } from '../../api/config-def.ts';
import type { ConnectRecord } from '../../api/record.ts';
import { readSide, writeSide } from '../../api/record-side.ts';
import type { RecordSide, SideChange, Transformation, TransformationPlugin } from '../../api/transform.ts';

const javaPackage = 'org.apache.kafka.connect.transforms';

/** What a transformation that exists for keys and for values has to say; `create` may throw a ConfigError. */
export interface SideTransformation<K extends ConfigKeys> {
  readonly name: string;
  readonly configDef: ConfigDef<K>;
  /** One a task: what it caches, it caches for that task. */
  create(config: ParsedConfig<K>): SideChange | SideChange['apply'];
}

/** `Cast$Key` or `Cast$Value`. */
export function sidePlugin<K extends ConfigKeys>(
  side: RecordSide,
  transformation: SideTransformation<K>,
): TransformationPlugin {
  return plugin(`${transformation.name}$${side}`, transformation.configDef, (config) => {
    const created = transformation.create(config);
    const change = typeof created === 'function' ? { apply: created } : created;
    return {
      apply: (record) => {
        const content = readSide(record, side);
        const changed = change.apply(content, record);
        return changed === content ? record : writeSide(record, side, changed);
      },
      sideChange: { ...change, side },
    };
  });
}

type RecordApply = <R extends ConnectRecord>(record: R) => R | null;

/** A transformation of the whole record. */
export function recordPlugin<K extends ConfigKeys>(
  name: string,
  configDef: ConfigDef<K>,
  create: (config: ParsedConfig<K>) => RecordApply,
): TransformationPlugin {
  return plugin(name, configDef, (config) => ({ apply: create(config) }));
}

function plugin<K extends ConfigKeys>(
  name: string,
  configDef: ConfigDef<K>,
  create: (config: ParsedConfig<K>) => Transformation,
): TransformationPlugin {
  return {
    kind: 'transformation',
    class: `${javaPackage}.${name}`,
    version: connectVersion,
    configDef: configDef as ConfigDef,
    create: (config) => create(configDef.parse(config)),
  };
}
