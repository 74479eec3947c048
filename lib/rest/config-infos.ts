import { type ConfigKey, configText, type ConfigValue } from '../api/config-def.ts';
import type { ConfigValidation } from '../plugins/validation.ts';

/** Connect's ConfigKeyInfo, its fields in wire order. */
export const configKeyInfo = (name: string, key: ConfigKey): Readonly<Record<string, unknown>> => ({
  name,
  type: key.type,
  required: key.default === undefined,
  default_value: configText(key.default, key.type),
  importance: key.importance,
  documentation: key.doc,
  group: key.group ?? null,
  order_in_group: key.orderInGroup ?? -1,
  width: key.width ?? 'NONE',
  display_name: key.displayName ?? name,
  dependents: key.dependents ?? [],
});

/** ConfigValueInfo: passwords are shown as `[hidden]`. */
const configValueInfo = (value: ConfigValue, key: ConfigKey | null): Readonly<Record<string, unknown>> => ({
  name: value.name,
  value: configText(value.value, key?.type ?? null),
  recommended_values: value.recommendedValues.map((each) => configText(each, key?.type ?? null)),
  errors: value.errors,
  visible: value.visible,
});

/** ConfigInfos. `connectorClass` is what the config names it, alias or not. */
export const configInfos = (
  connectorClass: string,
  validation: ConfigValidation,
): Readonly<Record<string, unknown>> => ({
  name: connectorClass,
  error_count: validation.errorCount,
  groups: validation.groups,
  configs: validation.configs.map(({ name, definition, value }) => ({
    definition: definition === null ? null : configKeyInfo(name, definition),
    value: configValueInfo(value, definition),
  })),
});
