import { toConnectError } from '../api/errors.ts';
import { describeError } from '../errors/describe-error.ts';
import type { CoordinatorDeps } from './pass.ts';
import { reconcile } from './reconcile.ts';

const parallelism = 16;

export interface TickResult {
  readonly connectors: number;
  /** Connectors whose pass failed; the next tick tries them again. */
  readonly failed: readonly string[];
}

/** One scheduled, stateless pass over every connector, or over the named ones (a nudge). */
export async function tick(deps: CoordinatorDeps, only?: readonly string[]): Promise<TickResult> {
  const names = only ?? (await deps.state.connectors.list()).map((connector) => connector.name);
  const failed: string[] = [];
  const queue = [...names];
  const worker = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      try {
        await reconcile(name, deps);
      } catch (error) {
        // One connector cannot disturb another.
        failed.push(name);
        deps.log.error('tick failed for connector', {
          connector: name,
          error: describeError(toConnectError(error)),
        });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelism, names.length) }, worker));
  return { connectors: names.length, failed };
}
