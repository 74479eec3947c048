import type { Agenda } from '../engine/agenda.ts';
import type { Dice } from '../engine/dice.ts';
import type { Story } from '../engine/story.ts';
import type { Weather } from '../faults/weather.ts';
import type { Actor } from './actor.ts';

/** What everything in a history shares. */
export interface Setting {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly weather: Weather;
  readonly story: Story;
  /** Wall clock at the beginning, milliseconds since 1970. */
  readonly epoch: number;
  /** Of the worker functions. */
  readonly timeoutMs: number;
  onTimeout(actor: Actor): void;
  onLeftover(actor: Actor, what: string): void;
}
