import { posix } from 'node:path';
import { directoryProvider } from '../../../lib/config-providers/directory.ts';
import { envProvider } from '../../../lib/config-providers/env.ts';
import { fileProvider } from '../../../lib/config-providers/file.ts';
import type { Files } from '../../../lib/config-providers/files.ts';
import { type ConfigProvider, resolvePlaceholders } from '../../../lib/config-providers/placeholders.ts';
import { createLogger } from '../../../lib/foundation/logger.ts';
import { Unsupported, type VectorCase } from '../vector-case.ts';

interface Provider {
  readonly type: string;
  readonly config: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Input {
  /** Path → its bytes as Latin-1. */
  readonly files: Readonly<Record<string, string>>;
  readonly providers: Readonly<Record<string, Provider>>;
}

const log = createLogger(() => undefined);

export async function configprovider({ input, config = {} }: VectorCase): Promise<unknown> {
  const { files, providers } = input as Input;
  const created = Object.entries(providers).map(
    ([name, provider]) => [name, create(provider, filesOf(files))] as const,
  );
  const isText = (entry: [string, string | null]): entry is [string, string] => entry[1] !== null;
  const values = Object.fromEntries(Object.entries(config).filter(isText));
  const resolved = await resolvePlaceholders(values, Object.fromEntries(created));
  // None of these providers gives its values a time to live.
  return { data: { ...config, ...resolved }, ttls: {} };
}

function create({ type, config, env = {} }: Provider, files: Files): ConfigProvider {
  if (type === 'env') return envProvider(env, config['allowlist.pattern']);
  const options = { files, allowedPaths: config['allowed.paths'], log };
  if (type === 'file') return fileProvider(options);
  if (type === 'dir') return directoryProvider(options);
  throw new Unsupported(`config provider ${type}`);
}

function filesOf(texts: Readonly<Record<string, string>>): Files {
  const simple = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, '');
  return {
    kindOf: async (path) => {
      if (Object.hasOwn(texts, simple(path))) return 'file';
      return Object.keys(texts).some((file) => file.startsWith(`${simple(path)}/`)) ? 'directory' : null;
    },
    read: async (path) => {
      const text = texts[simple(path)];
      if (text === undefined) throw new Error(`${path} is not a file`);
      return Buffer.from(text, 'latin1');
    },
  };
}
