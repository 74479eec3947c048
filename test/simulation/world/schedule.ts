import { tick } from '../../../lib/coordinator/tick.ts';
import type { CoordinatorDeps } from '../../../lib/coordinator/pass.ts';
import type { Actor } from './actor.ts';
import type { Birth } from './birth.ts';
import type { Setting } from './setting.ts';

export const minuteMs = 60_000;
/** Timeout of the coordinator function. */
const coordinatorMs = 120_000;

/** The EventBridge schedule, a tick a minute more or less, and the nudges in between. */
export class Schedule {
  /** Ticks that came to their end, whatever they achieved. */
  ticks = 0;
  readonly #setting: Setting;
  readonly #birth: Birth;
  readonly #depsOf: (actor: Actor) => CoordinatorDeps;

  constructor(setting: Setting, birth: Birth, depsOf: (actor: Actor) => CoordinatorDeps) {
    this.#setting = setting;
    this.#birth = birth;
    this.#depsOf = depsOf;
  }

  start(): void {
    this.#next(this.#setting.dice.between(0, 5_000));
  }

  nudge(connector: string): void {
    const { agenda, dice, weather } = this.#setting;
    if (weather.strikes('invocation dropped')) return;
    agenda.after(dice.between(20, 2_000), () => this.#tick([connector]));
  }

  #next(after: number): void {
    const { agenda } = this.#setting;
    agenda.after(after, () => {
      this.#fire();
      this.#next(minuteMs);
    });
  }

  #fire(): void {
    const { agenda, dice, weather } = this.#setting;
    if (this.#missing > 0) {
      this.#missing--;
      return;
    }
    if (weather.strikes('ticks are missed')) this.#missing = dice.between(0, 9);
    else if (weather.strikes('tick is late')) agenda.after(dice.between(1_000, 110_000), () => this.#tick());
    else this.#tick();
    if (weather.strikes('tick fires twice')) agenda.after(dice.between(0, 40_000), () => this.#tick());
  }

  #missing = 0;

  calm(): void {
    this.#missing = 0;
  }

  #tick(only?: readonly string[]): void {
    const actor = this.#birth.coordinator();
    const { process } = actor;
    const { agenda, story } = this.#setting;
    agenda.after(coordinatorMs, () => process.kill());
    story.tell(process.name, () => (only === undefined ? 'ticks' : `is nudged to ${only.join(', ')}`));
    void this.#ended(actor, only).then((how) => {
      this.ticks++;
      process.end();
      story.tell(process.name, () => how);
    });
  }

  async #ended(actor: Actor, only: readonly string[] | undefined): Promise<string> {
    try {
      const { failed } = await tick(this.#depsOf(actor), only);
      return failed.length === 0 ? 'is done' : `is done, without ${failed.join(', ')}`;
    } catch (error) {
      return `gives up: ${String(error)}`;
    }
  }
}
