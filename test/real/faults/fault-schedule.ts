import { seededRandom } from '../../../lib/foundation/random.ts';
import type { ProxyMode } from './tcp-proxy.ts';
import type { Death } from './mortal-table.ts';

export const workerFaults = [
  'worker killed',
  'worker frozen',
  'worker cut from Kafka',
  'worker cut from DynamoDB',
] as const;
export const clusterFaults = [
  'coordinator killed',
  'two coordinators',
  'broker killed',
  'broker restarted',
] as const;
export const faultKinds = [...workerFaults, ...clusterFaults] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One fault with everything that was thrown the dice for. */
export interface Fault {
  readonly kind: FaultKind;
  /** Of a worker; of the others, the pipeline whose config is changed to give the coordinators work. */
  readonly pipeline: string;
  /** Since the fault before began. */
  readonly waitMs: number;
  readonly lastsMs: number;
  readonly cut: Exclude<ProxyMode, 'open'> | 'once';
  readonly death: Death;
  /** A worker that is cut off is killed before it is healed. */
  readonly killedInTheEnd: boolean;
}

const cuts = ['once', 'refuse', 'blackHole', 'loseAnswers'] as const;

/**
 * Rounds without end. A round has each fault of a worker once for each pipeline and each of the cluster's once, in an
 * order of its own; the same seed is the same schedule.
 */
export function* faultSchedule(seed: number, pipelines: readonly string[]): Generator<Fault[], never> {
  const dice = seededRandom(seed);
  const between = (least: number, most: number): number =>
    Math.floor(least + dice.next() * (most - least + 1));
  const oneOf = <T>(choices: readonly T[]): T => choices[between(0, choices.length - 1)] as T;
  const fault = (kind: FaultKind, pipeline: string): Fault => ({
    kind,
    pipeline,
    waitMs: between(500, 4_000),
    // Some are over before anybody gives up, others outlast the lease.
    lastsMs: oneOf([between(500, 3_000), between(6_000, 14_000)]),
    cut: oneOf(cuts),
    killedInTheEnd: oneOf([false, true]),
    death: {
      counting: oneOf(['all', 'steps']),
      writes: between(1, 12),
      when: oneOf(['before', 'after']),
    },
  });
  for (;;) {
    const round = [
      ...pipelines.flatMap((pipeline) => workerFaults.map((kind) => fault(kind, pipeline))),
      ...clusterFaults.map((kind) => fault(kind, oneOf(pipelines))),
    ];
    for (let last = round.length - 1; last > 0; last--) {
      const other = between(0, last);
      [round[last], round[other]] = [round[other] as Fault, round[last] as Fault];
    }
    yield round;
  }
}
