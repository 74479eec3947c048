import { suggestKey } from '../api/config-def/suggest-key.ts';
import type { ConnectorPlugin, Plugin } from '../api/connector.ts';
import type { ConverterPlugin } from '../api/converter.ts';
import { ConfigError } from '../api/errors.ts';
import type { PredicatePlugin, TransformationPlugin } from '../api/transform.ts';
import {
  type HeaderConverterSource,
  isA,
  type PluginInterface,
  type PluginInterfaces,
} from './plugin-interfaces.ts';
import { namesOf } from './plugin-names.ts';

/** The plugins of one worker, found by what users write for them. */
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
    return this.#require(name, 'Connector');
  }

  transformation(name: string): TransformationPlugin {
    return this.#require(name, 'Transformation');
  }

  predicate(name: string): PredicatePlugin {
    return this.#require(name, 'Predicate');
  }

  converter(name: string): ConverterPlugin {
    return this.#require(name, 'Converter');
  }

  headerConverter(name: string): HeaderConverterSource {
    return this.#require(name, 'HeaderConverter');
  }

  /** The plugin a name stands for, undefined for none or several. */
  find(name: string): Plugin | undefined {
    const [first, second] = this.#byName.get(name.trim()) ?? [];
    return second === undefined ? first : undefined;
  }

  findAs<I extends PluginInterface>(name: string, wanted: I): (Plugin & PluginInterfaces[I]) | undefined {
    const plugin = this.find(name);
    return plugin !== undefined && isA(plugin, wanted) ? plugin : undefined;
  }

  /** In the order of their class names, as Connect lists them. */
  all<I extends PluginInterface>(wanted: I): (Plugin & PluginInterfaces[I])[] {
    return this.plugins
      .filter((plugin): plugin is Plugin & PluginInterfaces[I] => isA(plugin, wanted))
      .toSorted((a, b) => (a.class < b.class ? -1 : 1));
  }

  /** The known name that is closest to a mistyped one; of a nested class the simple name counts as well. */
  suggest(name: string, wanted?: PluginInterface): string | undefined {
    const shown = new Map<string, string>();
    for (const [alias, plugins] of this.#byName) {
      if (wanted !== undefined && !plugins.some((plugin) => isA(plugin, wanted))) continue;
      shown.set(alias, alias);
      if (alias.includes('$')) shown.set(alias.slice(alias.lastIndexOf('.') + 1), alias);
    }
    const nearest = suggestKey(name, shown.keys());
    return nearest === undefined ? undefined : shown.get(nearest);
  }

  #require<I extends PluginInterface>(name: string, wanted: I): PluginInterfaces[I] {
    const named = this.#byName.get(name.trim()) ?? [];
    const [first, second] = named.filter((plugin): plugin is Plugin & PluginInterfaces[I] =>
      isA(plugin, wanted),
    );
    if (first !== undefined && second === undefined) return first;
    if (first !== undefined) {
      throw new ConfigError(
        `More than one ${wanted} matches "${name}": ${named.map((plugin) => plugin.class).join(', ')}`,
        { hint: 'Write the full class name.' },
      );
    }
    const [other] = named;
    const known = this.all(wanted).map((plugin) => plugin.class);
    const near = this.suggest(name, wanted);
    throw new ConfigError(
      `Failed to find any class that implements ${wanted} and which name matches ${name}, available ${plurals[wanted]} are: ${known.join(', ') || 'none'}`,
      {
        hint:
          other === undefined
            ? `${near ? `Did you mean ${near}? ` : ''}Java plugins do not run here; a TypeScript one is added with --plugin or in the cluster's plugins.`
            : `${other.class} is a ${other.kind}.`,
      },
    );
  }
}

const plurals: Readonly<Record<PluginInterface, string>> = {
  Connector: 'connectors',
  Transformation: 'transformations',
  Predicate: 'predicates',
  Converter: 'converters',
  HeaderConverter: 'header converters',
};

/** The plugin values a module exports, whatever their names: how `--plugin PATH` and bundles register them. */
export function pluginsOf(module: Readonly<Record<string, unknown>>): Plugin[] {
  const kinds = ['source', 'sink', 'transformation', 'predicate', 'converter', 'header-converter'];
  return Object.values(module).filter((value): value is Plugin => {
    if (typeof value !== 'object' || value === null) return false;
    const { kind, class: name } = value as { kind?: unknown; class?: unknown };
    return typeof kind === 'string' && kinds.includes(kind) && typeof name === 'string';
  });
}
