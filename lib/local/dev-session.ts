import { ConnectError } from '../api/errors.ts';
import type { CadencePolicy } from '../coordinator/schedule.ts';
import type { ConnectorStatus } from '../coordinator/status.ts';
import { systemClock } from '../foundation/clock.ts';
import type { ConnectorFile } from './connector-files.ts';
import { drainOnce, isDrained } from './drain-once.ts';
import type { LocalCluster } from './local-cluster.ts';
import { openLocalCluster, type OpenOptions } from './open-local-cluster.ts';

export interface DevSessionOptions extends Omit<OpenOptions, 'cadence'> {
  readonly connectors: readonly ConnectorFile[];
  /** Drain every connector once and end. */
  readonly once: boolean;
  /** Aborted to stop in order. */
  readonly signal: AbortSignal;
  readonly onProgress: (statuses: readonly ConnectorStatus[]) => void;
}

export interface DevSessionResult {
  readonly statuses: readonly ConnectorStatus[];
  readonly failures: readonly { readonly connector: string; readonly trace: string }[];
}

const tickMs = 500;
export const keepRunning: CadencePolicy = { mode: 'continuous', rediscoveryMs: 2_000 };

/** `sluice dev`: coordinator and workers in this process, until stopped or (`once`) caught up. */
export async function runDevSession(options: DevSessionOptions): Promise<DevSessionResult> {
  checkNames(options.connectors);
  await using open = await openLocalCluster({ ...options, cadence: options.once ? drainOnce : keepRunning });
  const { cluster } = open;
  const names = options.connectors.map((connector) => connector.name);
  for (const connector of options.connectors) await startConnector(cluster, connector);
  const session = { cluster, names, ...options };
  if (options.once) await drain(session);
  else await keepTicking(session);
  await cluster.stop();
  const statuses = await cluster.status(names);
  options.onProgress(statuses);
  return result(statuses);
}

/** Gives the connector its config and makes it due. */
export async function startConnector(cluster: LocalCluster, { name, config }: ConnectorFile): Promise<void> {
  await cluster.resumeLastSession(name);
  await cluster.put(name, config);
  await cluster.state.connectors.runNow(name, systemClock.now());
}

function checkNames(connectors: readonly ConnectorFile[]): void {
  for (const [name, same] of Map.groupBy(connectors, (connector) => connector.name)) {
    if (same.length === 1) continue;
    throw new ConnectError(`Several connectors are called "${name}": ${same.map((c) => c.path).join(', ')}`, {
      hint: 'Give each a "name" of its own.',
    });
  }
}

interface Session extends DevSessionOptions {
  readonly cluster: LocalCluster;
  readonly names: readonly string[];
}

async function keepTicking({ cluster, names, signal, onProgress }: Session): Promise<void> {
  while (!signal.aborted) {
    await cluster.tick(names);
    onProgress(await cluster.status(names));
    await pause(signal);
  }
}

/** Every connector is drained; then the sinks again, until a round of them moves nothing. */
async function drain(session: Session): Promise<void> {
  const { cluster, names, signal } = session;
  await settle(session);
  const sinks = (await cluster.status(names))
    .filter((status) => status.type === 'sink')
    .map((status) => status.name);
  for (let moved = sinks.length > 0; moved && !signal.aborted; ) {
    const before = recordsOf(await cluster.status(sinks));
    for (const sink of sinks) await cluster.state.connectors.runNow(sink, systemClock.now());
    await settle(session);
    moved = recordsOf(await cluster.status(sinks)) > before;
  }
}

/** Ticks until no connector has work left; a failure that keeps coming back ends the wait for its connector. */
async function settle(session: Session): Promise<void> {
  const { cluster, names, signal, onProgress } = session;
  while (!signal.aborted) {
    await cluster.tick(names);
    onProgress(await cluster.status(names));
    const settled = await Promise.all(names.map((name) => isDrained(name, cluster.state, systemClock.now())));
    if (settled.every(Boolean)) return;
    await pause(signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await systemClock.sleep(tickMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const recordsOf = (statuses: readonly ConnectorStatus[]): number =>
  statuses.reduce((sum, status) => sum + status.tasks.reduce((n, task) => n + task.records, 0), 0);

function result(statuses: readonly ConnectorStatus[]): DevSessionResult {
  const failures = statuses.flatMap((status) => [
    ...(status.trace === undefined ? [] : [{ connector: status.name, trace: status.trace }]),
    ...status.tasks.flatMap((task) =>
      task.trace === undefined ? [] : [{ connector: `${status.name}-${task.id}`, trace: task.trace }],
    ),
  ]);
  return { statuses, failures };
}
