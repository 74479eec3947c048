import type { PlanRequest, RunRequest } from '../../../lib/worker/protocol.ts';
import { type Doom, Process } from '../engine/process.ts';
import { type Actor, actorOf, register } from './actor.ts';
import type { Setting } from './setting.ts';

const hourMs = 3_600_000;

/** Starts processes, each with its own clock and its own fate. */
export class Birth {
  readonly #setting: Setting;
  readonly #frozen = new Set<Process>();
  /** How often each run was started. */
  readonly #invocations = new Map<string, number>();
  #count = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  coordinator(): Actor {
    return this.#actor('coordinator', `coordinator-${++this.#count}`, {}, this.#coordinatorDoom());
  }

  /** Outside of time: to look at a moment. */
  observer(connector: string): Actor {
    const { agenda, epoch } = this.#setting;
    const process = new Process({ name: 'observer', agenda, epoch, isInstant: true });
    return register({ role: 'plan', process, connector });
  }

  /**
   * The worst moment to thaw is right after somebody else has taken over: frozen processes whose work `isTaken` often do
   * so then.
   */
  takenOver(isTaken: (frozen: Actor) => boolean): void {
    const { agenda, dice, weather } = this.#setting;
    if (weather.isCalm) return;
    for (const process of this.#frozen) {
      if (!isTaken(actorOf(process.clock)) || !dice.chance(0.6)) continue;
      this.#frozen.delete(process);
      agenda.after(dice.between(0, dice.pick([30, 200, 1_500])), () => process.thaw());
    }
  }

  /** Whatever is frozen thaws. */
  calm(): void {
    for (const process of this.#frozen) process.thaw();
    this.#frozen.clear();
  }

  user(): Actor {
    return this.#actor('user', 'user', {}, undefined);
  }

  /** For a plan, or another call that is answered. */
  plan({ connector }: Pick<PlanRequest, 'connector'>): Actor {
    const doom = this.#setting.weather.strikes('plan fails') ? this.#death(1, 4) : undefined;
    return this.#actor('plan', `plan ${connector}`, { connector }, doom);
  }

  run({ connector, task, epoch }: RunRequest, isHungry: boolean): Actor {
    const earlier = this.#invocations.get(`${connector}@${epoch}`) ?? 0;
    this.#invocations.set(`${connector}@${epoch}`, earlier + 1);
    const name = `${connector}/${task} run ${epoch}${earlier === 0 ? '' : ` (${earlier + 1})`}`;
    const doom = isHungry ? this.#death(8, 16) : this.#runDoom();
    return this.#actor('run', name, { connector, task, epoch }, doom);
  }

  #runDoom(): Doom | undefined {
    const { weather, dice } = this.#setting;
    // Often in the first calls, where claims are made.
    const latest = dice.pick([8, 25, 80]);
    if (weather.strikes('run killed')) return this.#death(1, latest);
    if (!weather.strikes('run frozen')) return undefined;
    const frost = this.#frost(
      latest,
      dice.pick([
        [20_000, 120_000],
        [150_000, 600_000],
      ] as const),
    );
    // Half of them about to write, after their first claims: a commit is one of few writes among many calls.
    const atCall = dice.between(4, 9);
    return dice.chance(0.5) ? { ...frost, of: 'write', atCall, applied: dice.chance(0.2) } : frost;
  }

  #coordinatorDoom(): Doom | undefined {
    const { weather } = this.#setting;
    if (weather.strikes('coordinator dies')) return this.#death(1, 25);
    return weather.strikes('coordinator stalls') ? this.#frost(20, [5_000, 100_000]) : undefined;
  }

  #death(from: number, to: number): Doom {
    const { dice } = this.#setting;
    return { kind: 'kill', atCall: dice.between(from, to), applied: dice.chance(0.5), forMs: 0 };
  }

  #frost(latest: number, [least, most]: readonly [number, number]): Doom {
    const { dice } = this.#setting;
    const long = dice.chance(0.15) ? 5 : 1;
    const forMs = dice.between(least, most) * long;
    return { kind: 'freeze', atCall: dice.between(1, latest), applied: dice.chance(0.5), forMs };
  }

  #actor(
    role: Actor['role'],
    name: string,
    what: Pick<Actor, 'connector' | 'task' | 'epoch'>,
    doom: Doom | undefined,
  ): Actor {
    const { agenda, dice, weather, story, epoch } = this.#setting;
    const isOff = weather.strikes('clock off by hours');
    const process = new Process({
      name,
      agenda,
      epoch,
      doom,
      skewMs: isOff ? dice.between(-3 * hourMs, 3 * hourMs) : dice.between(-800, 800),
      stopsWhenFrozen: dice.chance(0.5),
      isSafe: () => weather.isCalm,
      onDoom: ({ kind, forMs }) => {
        if (kind === 'freeze') this.#frozen.add(process);
        story.tell(name, () =>
          kind === 'kill' ? 'is KILLED' : `is FROZEN for ${Math.round(forMs / 1000)} s`,
        );
      },
      onTrouble: (call, { failure, out, back }) =>
        story.tell(name, () =>
          failure === undefined
            ? `has to wait ${Math.round((out + back) / 1000)} s for: ${call}`
            : `${call} ${failure.when === 'lost' ? 'fails' : 'takes effect, but its answer is lost'}: ${failure.error.message}`,
        ),
      onLeftover: (call) => this.#setting.onLeftover(actor, call),
    });
    const actor: Actor = register({ role, process, ...what });
    if (weather.strikes('clock jumps')) {
      const by = dice.between(-3 * hourMs, 3 * hourMs);
      agenda.after(dice.between(100, 60_000), () => {
        process.skewMs += by;
      });
    }
    return actor;
  }
}
