import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '../api/connector.ts';
import { ConfigError } from '../api/errors.ts';
import { pluginsOf } from '../plugins/registry.ts';

/** The plugins of every `--plugin PATH`. */
export async function loadPlugins(paths: readonly string[]): Promise<Plugin[]> {
  return (await Promise.all(paths.map(loadModule))).flat();
}

async function loadModule(path: string): Promise<Plugin[]> {
  const url = pathToFileURL(resolve(path)).href;
  const module = (await import(url).catch((cause: unknown) => {
    throw new ConfigError(
      `Cannot load plugin ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, hint: 'A plugin is an ES module (.ts, .js) that exports plugin values.' },
    );
  })) as Record<string, unknown>;
  const plugins = pluginsOf(module);
  if (plugins.length === 0)
    throw new ConfigError(`${path} exports no plugin`, {
      hint: 'Export a value with kind, class, version, configDef and its factories: see docs/writing-a-connector.md.',
    });
  return plugins;
}
