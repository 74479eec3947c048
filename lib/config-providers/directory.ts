import { ConfigError } from '../api/errors.ts';
import { AllowedPaths } from './allowed-paths.ts';
import type { FileProviderOptions } from './file.ts';
import { type Files, readText } from './files.ts';
import type { ConfigProvider } from './placeholders.ts';

/**
 * `${dir:/path:name}`: the text of the file `name`, line ends included: Kafka's DirectoryConfigProvider. Anything but
 * a regular file in that very folder is no key.
 */
export function directoryProvider({ files, allowedPaths, log }: FileProviderOptions): ConfigProvider {
  const allowed = new AllowedPaths(allowedPaths, files);
  return {
    async get(path, keys) {
      if (path === '') return {};
      const folder = await allowed.resolve(path);
      if (folder === null || (await files.kindOf(folder)) !== 'directory') {
        const why = folder === null ? 'outside of allowed.paths' : 'not a directory';
        log.warn(`a config refers to a folder that is ${why}`, { path });
        return {};
      }
      const values: Record<string, string> = {};
      for (const name of keys) {
        const file = `${folder}/${name}`;
        if (isName(name) && (await files.kindOf(file)) === 'file')
          values[name] = await read(files, file, name);
      }
      return values;
    },
  };
}

const isName = (key: string): boolean => key !== '' && key !== '.' && key !== '..' && !key.includes('/');

async function read(files: Files, file: string, name: string): Promise<string> {
  try {
    return await readText(files, file);
  } catch (cause) {
    throw new ConfigError(`Could not read file ${file} for property ${name}`, {
      cause,
      hint: 'It must be readable for the worker, and UTF-8 text.',
    });
  }
}
