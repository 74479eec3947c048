import { expect, it } from 'vitest';
import type { ConnectorPlugin } from '../api/connector.ts';

/** What every connector's definition must do, whatever its kind. */
export function describePlugin(plugin: ConnectorPlugin): void {
  it('documents every config key', () => {
    const undocumented = Object.entries(plugin.configDef.keys).filter(
      ([, key]) => !/^[A-Z].*\.$/s.test(key.doc),
    );
    expect(undocumented.map(([name]) => name)).toEqual([]);
  });

  it('is named by a class with a version, and says which file a bundle imports', () => {
    expect(plugin.class).toMatch(/^[a-z][\w.]*\.[A-Z]\w*$/);
    expect(plugin.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(plugin.module).toMatch(/^file:.*\/index\.[jt]s$/);
  });

  it('refuses a config that lacks a required key, naming it', () => {
    for (const [name, key] of Object.entries(plugin.configDef.keys)) {
      if (key.default !== undefined) continue;
      const { errors } = plugin.configDef.validate({}).find((value) => value.name === name) ?? {};
      expect(errors?.[0]).toContain(`"${name}"`);
    }
  });
}
