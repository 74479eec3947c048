import type { ConfigType, ConfigKey, Importance } from '../../api/config-def.ts';

/** In place of a default: the key must be given. */
export const required: unique symbol = Symbol('required');

/** Type, default and importance; a fourth entry is the group of Kafka's internal keys. */
export type ClientKeyRow = readonly [
  type: ConfigType,
  fallback: Exclude<ConfigKey['default'], undefined> | typeof required,
  importance: Importance,
  group?: string,
];

export type ClientKeyRows = Readonly<Record<string, ClientKeyRow>>;
