import type { ParseOptions } from '../api/config-def.ts';
import type { Plugin } from '../api/connector.ts';
import { ConfigError } from '../api/errors.ts';
import { interfacesOf, isA, type PluginInterface, type PluginInterfaces } from './plugin-interfaces.ts';
import type { PluginRegistry } from './registry.ts';
import { VersionRange } from './version-range.ts';

/**
 * The class a CLASS value means: a plugin by any of its names, the abstract class its nested plugins share
 * (`…transforms.Cast`), or one of Java itself. The latter two exist, but are no plugins, and Connect says so.
 */
export function classNamed(registry: PluginRegistry, name: string): string | undefined {
  const plugin = registry.find(name);
  if (plugin !== undefined) return plugin.class;
  const exists =
    /^java\.\w/.test(name) || abstractClasses.has(name) || nestedPlugins(registry, name).length > 0;
  return exists ? name : undefined;
}

/** How values of type CLASS are read where these plugins are. */
export const classParsing = (registry: PluginRegistry): ParseOptions => ({
  classNamed: (name) => classNamed(registry, name),
  suggestClass: (name) => registry.suggest(name),
});

/** Interfaces and abstract classes of Connect a config may name by mistake, with what their subclasses are. */
const abstractClasses: ReadonlyMap<string, readonly PluginInterface[]> = new Map([
  ['org.apache.kafka.connect.storage.Converter', ['Converter']],
  ['org.apache.kafka.connect.storage.HeaderConverter', ['HeaderConverter']],
  ['org.apache.kafka.connect.converters.NumberConverter', ['Converter', 'HeaderConverter']],
  ['org.apache.kafka.connect.transforms.Transformation', ['Transformation']],
  ['org.apache.kafka.connect.transforms.predicates.Predicate', ['Predicate']],
]);

/** The plugin of that class. Throws a ConfigError in Connect's words (Utils.ensureConcreteSubclass) when it is none. */
export function requireImplementation<I extends PluginInterface>(
  registry: PluginRegistry,
  className: string,
  wanted: I,
): Plugin & PluginInterfaces[I] {
  const plugin = registry.findAs(className, wanted);
  if (plugin !== undefined) return plugin;
  const nested = nestedPlugins(registry, className).filter((each) => isA(each, wanted));
  if (nested.length > 0 || abstractClasses.get(className)?.includes(wanted) === true) {
    const meant = nested.map((each) => each.class).join(', ');
    throw new ConfigError(
      `This class is abstract and cannot be created.${meant === '' ? '' : ` Did you mean ${meant}?`}`,
    );
  }
  throw new ConfigError(`Class class ${className} does not implement the ${wanted} interface`);
}

const nestedPlugins = (registry: PluginRegistry, name: string): Plugin[] =>
  registry.plugins.filter((plugin) => plugin.class.startsWith(`${name}$`));

/** Throws a ConfigError when the plugin is not of the version asked for (KIP-891). */
export function requireVersion(plugin: Plugin, spec: string | null | undefined): void {
  const range = VersionRange.parse(spec);
  if (range === null || range.includes(plugin.version)) return;
  // Connect lists a class once for each interface it is registered under.
  const versions = interfacesOf(plugin).map(() => plugin.version);
  throw new ConfigError(
    `Plugin ${plugin.class} not found that matches the version range ${range.toString()}, available versions: [${versions.join(', ')}]`,
    { hint: `Leave the version out, or write ${plugin.version}.` },
  );
}
