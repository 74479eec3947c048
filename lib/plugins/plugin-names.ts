import type { Plugin } from '../api/connector.ts';

/**
 * What users may write for a plugin: its class name, the class name another project has for it, and Connect's aliases
 * of both, the simple name and the simple name without its suffix (`FileStreamSource`, `Json`). As in Connect a nested
 * class such as `Cast$Value` has no alias.
 */
export function namesOf(plugin: Plugin): Set<string> {
  const names = new Set<string>();
  for (const name of [plugin.class, ...(plugin.aliases ?? [])]) {
    names.add(name);
    if (name.includes('$')) continue;
    const simple = name.slice(name.lastIndexOf('.') + 1);
    names.add(simple).add(withoutSuffix(simple, suffixes[plugin.kind]));
  }
  return names;
}

const suffixes: Readonly<Record<Plugin['kind'], string>> = {
  source: 'Connector',
  sink: 'Connector',
  transformation: 'Transformation',
  predicate: 'Predicate',
  converter: 'Converter',
  'header-converter': 'HeaderConverter',
};

const withoutSuffix = (simple: string, suffix: string): string =>
  simple.endsWith(suffix) && simple !== suffix ? simple.slice(0, -suffix.length) : simple;
