import type { ConfigKeys, ConfigValue } from '../api/config-def.ts';
import type { ValidatedEntry, ValidationPart } from './validation.ts';

/**
 * Values of another definition under a prefix, such as a converter's (Connect's prefixedConfigInfos): names get the
 * prefix, display names and messages do not, and a value counts as one error however many messages it has.
 */
export function prefixedPart(
  keys: ConfigKeys,
  values: readonly ConfigValue[],
  prefix: string,
): ValidationPart {
  const entries = values.map((each): ValidatedEntry => {
    const key = keys[each.name];
    return {
      name: prefix + each.name,
      definition: key === undefined ? null : { ...key, displayName: key.displayName ?? each.name },
      value: { ...each, name: prefix + each.name, visible: true },
    };
  });
  return {
    entries,
    countBy: 'key',
    groups: [...new Set(entries.flatMap(({ definition }) => definition?.group ?? []))],
  };
}
