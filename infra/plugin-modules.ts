import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectorConfig } from '../lib/api/config.ts';
import type { Plugin } from '../lib/api/connector.ts';
import { ConfigError } from '../lib/api/errors.ts';
import { bundledPlugins } from '../lib/plugins/bundled.ts';
import { PluginRegistry, pluginsOf } from '../lib/plugins/registry.ts';

/** Where plugins are that, unlike connectors, do not name their module themselves. */
const bundledFolders = ['converters', 'transforms'];

// Constructs cannot await an import: Node loads ES modules synchronously as well.
const load = createRequire(import.meta.url);

/** Which plugins a cluster knows, and which file each comes from: what its functions are bundled of. */
export class PluginModules {
  readonly registry: PluginRegistry;
  /** Every module, for functions that know all plugins. */
  readonly paths: readonly string[];
  readonly #pathOf = new Map<string, string>();

  /** `extra`: paths of modules that export plugins of the user's own, relative to the working folder. */
  constructor(extra: readonly string[] = []) {
    const own = extra.map((path) => ({ path: resolve(path), plugins: loadPlugins(path) }));
    this.registry = new PluginRegistry([...bundledPlugins, ...own.flatMap(({ plugins }) => plugins)]);
    for (const plugin of bundledPlugins) {
      if ('module' in plugin) this.#pathOf.set(plugin.class, fileURLToPath(plugin.module));
    }
    for (const { path, plugins } of [...bundledModules(), ...own]) {
      for (const plugin of plugins) this.#pathOf.set(plugin.class, path);
    }
    this.paths = this.#pathsOf(this.registry.plugins);
  }

  /** The modules a connector needs: its own, and those of its transformations, predicates and converters. */
  pathsFor(config: ConnectorConfig): string[] {
    const { registry } = this;
    const typesOf = (list: 'transforms' | 'predicates'): string[] =>
      listed(config[list]).map((alias) => config[`${list}.${alias}.type`] ?? '');
    const classesOf = (...roles: string[]): string[] =>
      roles.map((role) => config[role]).filter((name) => name !== undefined);
    return this.#pathsOf([
      ...classesOf('connector.class').map((name) => registry.connector(name)),
      ...typesOf('transforms').map((name) => registry.transformation(name)),
      ...typesOf('predicates').map((name) => registry.predicate(name)),
      ...classesOf('key.converter', 'value.converter').map((name) => registry.converter(name)),
      ...classesOf('header.converter').map((name) => registry.headerConverter(name)),
    ]);
  }

  #pathsOf(plugins: readonly { readonly class: string }[]): string[] {
    const paths = plugins.map((plugin) => {
      const path = this.#pathOf.get(plugin.class);
      if (path === undefined)
        throw new Error(`Bug: no file in ${bundledFolders.join(', ')} exports ${plugin.class}`);
      return path;
    });
    return [...new Set(paths)].toSorted();
  }
}

const listed = (value = ''): string[] =>
  value
    .split(',')
    .map((alias) => alias.trim())
    .filter((alias) => alias !== '');

function bundledModules(): { path: string; plugins: Plugin[] }[] {
  const folders = bundledFolders.map((name) => fileURLToPath(new URL(`../lib/${name}/`, import.meta.url)));
  return folders.filter(existsSync).flatMap((folder) => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => extname(file) === '.ts',
    );
    return files
      .map((file) => join(folder, file))
      .map((path) => ({ path, plugins: pluginsOf(load(path) as Record<string, unknown>) }));
  });
}

function loadPlugins(path: string): Plugin[] {
  let module: Record<string, unknown>;
  try {
    module = load(resolve(path)) as Record<string, unknown>;
  } catch (cause) {
    throw new ConfigError(
      `Cannot load plugin module ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        hint: 'ConnectCluster takes `plugins: [path]`, each an ES module (.ts, .js) without top-level await that exports plugin values.',
      },
    );
  }
  const plugins = pluginsOf(module);
  if (plugins.length === 0) {
    throw new ConfigError(`${path} exports no plugin`, {
      hint: 'Export a value with kind, class, version, configDef and its factories.',
    });
  }
  return plugins;
}
