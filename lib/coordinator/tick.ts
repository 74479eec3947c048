import { toConnectError } from '../api/errors.ts';
import { describeError } from '../errors/describe-error.ts';
import { type Deadline, reserve } from '../foundation/deadline.ts';
import type { ConnectorItem } from '../storage/items/connector-item.ts';
import type { CoordinatorDeps } from './pass.ts';
import { reconcile } from './reconcile.ts';
import { sweep } from './sweep.ts';
import { isInShard, type Shard, startTimes } from './spread.ts';

const parallelism = 16;
/** More than a tick, less than two. */
const missedMs = 90_000;

/** What a scheduled tick is to look after. */
export interface TickScope {
  /** Absent: all connectors. */
  readonly shard?: Shard;
  /** When the coordinator is killed. What it has no time to begin comes first in the next tick. */
  readonly deadline?: Deadline;
}

export interface TickResult {
  /** Connectors that were looked at. */
  readonly connectors: number;
  /** Connectors whose pass failed; the next tick tries them again. */
  readonly failed: readonly string[];
  /** Connectors with nothing to do at this time. */
  readonly resting: number;
  /** Connectors there was no time for. */
  readonly notReached: number;
}

/** One scheduled, stateless pass over every connector, or over the named ones (a nudge), which do not rest. */
export async function tick(
  deps: CoordinatorDeps,
  only?: readonly string[],
  scope: TickScope = {},
): Promise<TickResult> {
  const { names, first, buried, refused, resting } = await due(deps, only, scope);
  const failed = [...refused];
  const spread = only === undefined ? startTimes(names, deps.timing) : new Map<string, number>();
  const startOf = (name: string): number => (first.has(name) ? 0 : (spread.get(name) ?? 0));
  const queue = names.toSorted((a, b) => startOf(a) - startOf(b));
  const began = deps.clock.monotonic();
  const lastStart = scope.deadline && reserve(scope.deadline, lastPass(scope.deadline));
  const worker = async (): Promise<void> => {
    for (let name = next(); name !== undefined; name = next()) {
      const wait = began + startOf(name) - deps.clock.monotonic();
      if (wait > 0) await deps.clock.sleep(wait);
      try {
        await (buried.has(name) ? sweep(name, deps) : reconcile(name, deps));
      } catch (error) {
        // One connector cannot disturb another.
        failed.push(name);
        logFailure(deps, name, error);
      }
    }
  };
  const next = (): string | undefined => (lastStart?.expired === true ? undefined : queue.shift());
  await Promise.all(Array.from({ length: Math.min(parallelism, names.length) }, worker));
  const result = {
    connectors: names.length - queue.length,
    failed,
    resting,
    notReached: queue.length,
  };
  if (queue.length > 0) deps.log.warn('the tick ran out of time; the rest is due in the next', { ...result });
  else deps.log.debug('tick', { ...result, ms: Math.round(deps.clock.monotonic() - began) });
  return result;
}

/** Kept back for the connectors that are begun last: a plan may take a minute. */
const lastPass = (deadline: Deadline): number => Math.min(65_000, deadline.remaining() / 2);

interface Due {
  readonly names: readonly string[];
  /** Those of them that the last tick had no time for. */
  readonly first: ReadonlySet<string>;
  /** Those of them that are deleted, and may only be swept. */
  readonly buried: ReadonlySet<string>;
  readonly refused: readonly string[];
  readonly resting: number;
}

async function due(
  deps: CoordinatorDeps,
  only: readonly string[] | undefined,
  scope: TickScope,
): Promise<Due> {
  const none: ReadonlySet<string> = new Set();
  if (only !== undefined) return { names: only, first: none, buried: none, refused: [], resting: 0 };
  const { connectors, refused, buried } = await deps.state.connectors.listReadable(deps.clock.now());
  const { shard } = scope;
  const mine = <C extends { readonly name: string }>(list: readonly C[]): C[] =>
    shard === undefined ? [...list] : list.filter(({ name }) => isInShard(name, shard));
  for (const { name, error } of mine(refused)) logFailure(deps, name, error);
  const awake = mine(connectors).filter((connector) => !rests(connector, deps));
  const newest = awake.reduce((latest, { lastTick }) => Math.max(latest, lastTick), 0);
  return {
    names: [...awake, ...mine(buried)].map(({ name }) => name),
    buried: new Set(buried.map(({ name }) => name)),
    first: new Set(awake.filter((connector) => wasMissed(connector, newest)).map(({ name }) => name)),
    refused: mine(refused).map(({ name }) => name),
    resting: mine(connectors).length - awake.length,
  };
}

/** It did not rest, and yet others were looked at a tick later. */
const wasMissed = ({ restUntil, lastTick }: ConnectorItem, newest: number): boolean =>
  restUntil === 0 && lastTick > 0 && lastTick < newest - missedMs;

/** A rest longer than the longest was reckoned by a clock that had jumped. */
function rests({ restUntil }: ConnectorItem, { clock, timing }: CoordinatorDeps): boolean {
  const now = clock.now();
  return restUntil > now && restUntil <= now + timing.longestRestMs;
}

function logFailure({ log }: CoordinatorDeps, connector: string, error: unknown): void {
  log.error('tick failed for connector', { connector, error: describeError(toConnectError(error)) });
}
