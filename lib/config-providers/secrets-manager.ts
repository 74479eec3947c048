import { ConfigError } from '../api/errors.ts';
import type { ConfigProvider } from './placeholders.ts';

/** Reads the text of one secret; throws when it cannot. */
export type ReadSecret = (secretId: string) => Promise<string>;

/**
 * `${secretsmanager:name:key}`: one field of a secret whose text is a JSON object; `${secretsmanager:name}` its
 * whole text. `name` is the secret's name (an ARN holds colons, which the placeholder syntax does not allow).
 */
export function secretsManagerProvider(readSecret: ReadSecret): ConfigProvider {
  return {
    async get(path, keys) {
      if (path === '') {
        return Object.fromEntries(
          await Promise.all(keys.map(async (name) => [name, await readSecret(name)] as const)),
        );
      }
      return pick(path, keys, await readSecret(path));
    },
  };
}

function pick(name: string, keys: readonly string[], text: string): Record<string, string> {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    // The parser's message would quote the secret.
    fields = undefined;
  }
  if (typeof fields !== 'object' || fields === null) {
    throw new ConfigError(`Secret ${name} is not a JSON object, so it has no key ${keys.join(', ')}`, {
      hint: `Write \${secretsmanager:${name}} for its whole text, or store it as {"key": "value"}.`,
    });
  }
  const known = fields as Record<string, unknown>;
  return Object.fromEntries(
    keys.filter((key) => known[key] !== undefined).map((key) => [key, String(known[key])]),
  );
}
