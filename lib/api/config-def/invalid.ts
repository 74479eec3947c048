import { ConfigError } from '../errors.ts';

/** ConfigError.invalid with lists printed as Java does: `[a, b]`. */
export const invalid = (name: string, value: unknown, why: string): ConfigError =>
  ConfigError.invalid(name, Array.isArray(value) ? `[${value.join(', ')}]` : value, why);
