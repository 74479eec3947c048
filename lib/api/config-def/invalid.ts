import { javaDouble } from '../../foundation/java/number-format.ts';
import { ConfigError } from '../errors.ts';
import type { ConfigType } from './config-key.ts';

/** ConfigError.invalid with lists and doubles printed as Java does: `[a, b]`, `5.0`. */
export const invalid = (name: string, value: unknown, why: string, type?: ConfigType): ConfigError =>
  ConfigError.invalid(name, print(value, type), why);

function print(value: unknown, type: ConfigType | undefined): unknown {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return type === 'DOUBLE' && typeof value === 'number' ? javaDouble(value) : value;
}
