import type { ConnectorPlugin, Plugin } from '../api/connector.ts';
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/converter.ts';
import { ConfigError } from '../api/errors.ts';
import type { PredicatePlugin, TransformationPlugin } from '../api/transform.ts';
import { suggestKey } from '../api/config-def/suggest-key.ts';

/** A plugin that can serve as `header.converter`. */
export interface HeaderConverterSource {
  readonly class: string;
  createHeader: HeaderConverterPlugin['createHeader'];
}

/**
 * The plugins of one worker, found by what users write: the Java class name, an alias (a class name of another
 * project), or the simple name with or without its suffix (`FileStreamSource`, `JsonConverter`, `Cast$Value`).
 */
export class PluginRegistry {
  readonly plugins: readonly Plugin[];
  readonly #byName = new Map<string, Plugin[]>();

  constructor(plugins: readonly Plugin[]) {
    this.plugins = plugins;
    for (const plugin of plugins) {
      for (const name of namesOf(plugin)) {
        const known = this.#byName.get(name) ?? [];
        if (!known.includes(plugin)) this.#byName.set(name, [...known, plugin]);
      }
    }
  }

  connector(name: string): ConnectorPlugin {
    return this.#find(
      name,
      'connector.class',
      'Connector',
      (p): p is ConnectorPlugin => p.kind === 'source' || p.kind === 'sink',
    );
  }

  transformation(name: string): TransformationPlugin {
    return this.#find(
      name,
      'transformation',
      'Transformation',
      (p): p is TransformationPlugin => p.kind === 'transformation',
    );
  }

  predicate(name: string): PredicatePlugin {
    return this.#find(name, 'predicate', 'Predicate', (p): p is PredicatePlugin => p.kind === 'predicate');
  }

  converter(name: string): ConverterPlugin {
    return this.#find(name, 'converter', 'Converter', (p): p is ConverterPlugin => p.kind === 'converter');
  }

  headerConverter(name: string): HeaderConverterSource {
    return this.#find(name, 'header.converter', 'HeaderConverter', canConvertHeaders);
  }

  #find<P extends { readonly class: string }>(
    name: string,
    what: string,
    kind: string,
    is: (plugin: Plugin) => plugin is Plugin & P,
  ): P {
    const found = (this.#byName.get(name.trim()) ?? []).filter(is);
    const [first, second] = found;
    if (first !== undefined && second === undefined) return first;
    if (first !== undefined) {
      throw new ConfigError(
        `More than one ${kind} matches "${name}": ${found.map((p) => p.class).join(', ')}`,
        {
          hint: 'Write the full class name.',
        },
      );
    }
    const other = this.#byName.get(name.trim())?.[0];
    if (other !== undefined) {
      throw new ConfigError(`Class class ${other.class} does not implement the ${kind} interface`, {
        hint: `It is a ${other.kind}.`,
      });
    }
    const known = this.plugins.filter(is).map((plugin) => plugin.class);
    const near = suggestKey(
      name,
      [...this.#byName].filter(([, plugins]) => plugins.some(is)).map(([alias]) => alias),
    );
    throw new ConfigError(`Failed to find any class that implements ${kind} and which name matches ${name}`, {
      hint: `${near ? `Did you mean ${near}? ` : ''}Available for ${what}: ${known.join(', ') || 'none'}. Java plugins do not run here; a TypeScript one is added with --plugin or in the cluster's plugins.`,
    });
  }
}

const canConvertHeaders = (plugin: Plugin): plugin is Plugin & HeaderConverterSource =>
  plugin.kind === 'header-converter' || (plugin.kind === 'converter' && plugin.createHeader !== undefined);

const simpleName = (className: string): string => className.slice(className.lastIndexOf('.') + 1);

function namesOf(plugin: Plugin): Set<string> {
  const names = new Set<string>();
  const suffix =
    plugin.kind === 'source' || plugin.kind === 'sink'
      ? 'Connector'
      : plugin.kind.endsWith('converter')
        ? 'Converter'
        : '';
  for (const name of [plugin.class, ...(plugin.aliases ?? [])]) {
    const simple = simpleName(name);
    names.add(name).add(simple);
    if (suffix !== '' && simple.endsWith(suffix) && simple !== suffix)
      names.add(simple.slice(0, -suffix.length));
  }
  return names;
}

/** The plugin values a module exports, whatever their names: how `--plugin PATH` and bundles register them. */
export function pluginsOf(module: Readonly<Record<string, unknown>>): Plugin[] {
  const kinds = ['source', 'sink', 'transformation', 'predicate', 'converter', 'header-converter'];
  return Object.values(module).filter((value): value is Plugin => {
    if (typeof value !== 'object' || value === null) return false;
    const { kind, class: name } = value as { kind?: unknown; class?: unknown };
    return typeof kind === 'string' && kinds.includes(kind) && typeof name === 'string';
  });
}
