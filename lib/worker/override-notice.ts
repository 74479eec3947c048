import type { ConnectorConfig } from '../api/config.ts';
import { inertOverrides, inertOverridesLine } from '../plugins/inert-overrides.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import type { RunScope } from './task-runner.ts';

/** By the registry of plugins, of which a process has one. */
const told = new WeakMap<PluginRegistry, Set<string>>();

/**
 * Says once in the life of a process which client overrides of a connector do nothing here: Kafka Connect takes them,
 * so no config is refused for them.
 */
export function noticeInertOverrides(
  kind: 'source' | 'sink',
  connector: { readonly name: string; readonly configVersion: number; readonly config: ConnectorConfig },
  { deps, log }: Pick<RunScope, 'deps' | 'log'>,
): void {
  const { name, configVersion, config } = connector;
  const seen = told.get(deps.registry) ?? new Set();
  told.set(deps.registry, seen);
  const version = `${name} ${configVersion}`;
  if (seen.has(version)) return;
  seen.add(version);
  const inert = inertOverrides(kind, config);
  const line = inertOverridesLine(inert);
  if (line !== undefined) log.warn(line, { keys: inert.map(({ key }) => key) });
}
