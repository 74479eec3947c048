import { ConfigError } from '../api/errors.ts';
import { parseProperties } from '../foundation/java/properties.ts';
import type { Logger } from '../foundation/logger.ts';
import { AllowedPaths } from './allowed-paths.ts';
import { type Files, readText } from './files.ts';
import type { ConfigProvider } from './placeholders.ts';

export interface FileProviderOptions {
  readonly files: Files;
  /** `allowed.paths`: comma separated, absolute. */
  readonly allowedPaths?: string | undefined;
  readonly log: Logger;
}

/** `${file:/path/of.properties:key}`: Kafka's FileConfigProvider. */
export function fileProvider({ files, allowedPaths, log }: FileProviderOptions): ConfigProvider {
  const allowed = new AllowedPaths(allowedPaths, files);
  return {
    async get(path, keys) {
      if (path === '') return {};
      const readable = await allowed.resolve(path);
      if (readable === null) {
        log.warn('a config refers to a file outside of allowed.paths', { path });
        return {};
      }
      const properties = await load(files, path, readable);
      return Object.fromEntries(
        keys.flatMap((key) => {
          const value = properties.get(key);
          return value === undefined ? [] : [[key, value]];
        }),
      );
    },
  };
}

async function load(files: Files, path: string, readable: string): Promise<Map<string, string>> {
  try {
    return parseProperties(await readText(files, readable));
  } catch (cause) {
    throw new ConfigError(`Could not read properties from file ${path}`, {
      cause,
      hint: 'It must be there for the worker to read: a file of UTF-8 text with lines of key=value.',
    });
  }
}
