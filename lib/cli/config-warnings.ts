import { inertOverrides, inertOverridesLine } from '../plugins/inert-overrides.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { validateConnectorConfig } from '../plugins/validate.ts';
import type { Terminal } from './terminal.ts';

/** What is legal in Kafka Connect, but mostly a slip of the pen, or without effect here. */
export function warnOfConfig(
  path: string,
  config: Readonly<Record<string, string>>,
  registry: PluginRegistry,
  terminal: Terminal,
): void {
  const { type, unknownKeys } = validateConnectorConfig(config, registry);
  for (const { key, suggestion } of unknownKeys) {
    terminal.error.write(
      `${path}: nothing reads the key "${key}"${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}\n`,
    );
  }
  const line = inertOverridesLine(inertOverrides(type, config));
  if (line !== undefined) terminal.error.write(`${path}: ${line}\n`);
}
