import { javaDouble } from '../../foundation/java/number-format.ts';
import type { ConfigType } from './config-key.ts';

/** A parsed value as Kafka Connect shows it, null for none: lists joined by commas, passwords as `[hidden]`. */
export function configText(value: unknown, type: ConfigType | null): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(String).join(',');
  if (type === 'DOUBLE' && typeof value === 'number') return javaDouble(value);
  return String(value);
}
