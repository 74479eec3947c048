import type { Clock } from '../../../lib/foundation/clock.ts';
import type { Process } from '../engine/process.ts';

/** Who does something: a process and what it was started for. */
export interface Actor {
  readonly role: 'coordinator' | 'run' | 'plan' | 'user';
  readonly process: Process;
  /** Of a run or plan. */
  readonly connector?: string;
  readonly task?: number;
  readonly epoch?: number;
}

const actors = new WeakMap<Clock, Actor>();

/** Plugins know only their context; its clock is that of the process they run in. */
export function register(actor: Actor): Actor {
  actors.set(actor.process.clock, actor);
  return actor;
}

export function actorOf(clock: Clock): Actor {
  const actor = actors.get(clock);
  if (actor === undefined) throw new Error('No process has this clock');
  return actor;
}
