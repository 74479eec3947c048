import type { PluginRegistry } from '../plugins/registry.ts';
import { validateConnectorConfig } from '../plugins/validate.ts';
import type { Terminal } from './terminal.ts';

/** A key that nothing reads is legal in Kafka Connect, but mostly a slip of the pen. */
export function warnOfUnknownKeys(
  path: string,
  config: Readonly<Record<string, string>>,
  registry: PluginRegistry,
  terminal: Terminal,
): void {
  for (const { key, suggestion } of validateConnectorConfig(config, registry).unknownKeys) {
    terminal.error.write(
      `${path}: nothing reads the key "${key}"${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}\n`,
    );
  }
}
