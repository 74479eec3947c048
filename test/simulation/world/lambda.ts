import { RetriableError } from '../../../lib/api/errors.ts';
import type { WorkerInvoker } from '../../../lib/coordinator/invoker.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import type { InvocationContext } from '../../../lib/worker/invocation.ts';
import type { FenceRequest, PlanRequest, RunRequest, WorkerRequest } from '../../../lib/worker/protocol.ts';
import { handleWorkerRequest } from '../../../lib/worker/worker.ts';
import type { WorkerDeps } from '../../../lib/worker/worker-deps.ts';
import type { Appointment } from '../engine/agenda.ts';
import type { Trip } from '../engine/process.ts';
import type { Actor } from './actor.ts';
import type { Birth } from './birth.ts';
import type { Setting } from './setting.ts';

interface Late {
  readonly request: RunRequest;
  readonly appointment: Appointment;
  done: boolean;
}

/**
 * Lambda: accepts asynchronous events and delivers each once, several times, late or never; starts a process for
 * each invocation, which may be killed, frozen, or end; and uses environments again.
 */
export class Lambda {
  /** Every invocation of a run that has not ended or died. */
  readonly running = new Set<Actor>();
  readonly #setting: Setting;
  readonly #birth: Birth;
  readonly #workerOf: (actor: Actor) => WorkerDeps;
  #late: Late[] = [];
  /** Until then invocations of a connector run out of memory. */
  readonly #hungryUntil = new Map<string, number>();
  #idle: Actor[] = [];
  #invocations = 0;

  constructor(setting: Setting, birth: Birth, workerOf: (actor: Actor) => WorkerDeps) {
    this.#setting = setting;
    this.#birth = birth;
    this.#workerOf = workerOf;
  }

  /** How one coordinator reaches the worker functions. */
  invoker(coordinator: Actor): WorkerInvoker {
    const { dice, weather } = this.#setting;
    return {
      run: (_worker, request) => {
        const trip = weather.strikes('invocation throttled')
          ? this.#failing(dice.chance(0.5) ? 'lost' : 'unanswered', 'Rate exceeded')
          : this.#swift();
        return coordinator.process.call('invoke', trip, () => this.accept(request));
      },
      plan: (_worker, request) => this.#sync(coordinator, request),
      fence: (_worker, request) => this.#sync(coordinator, request),
    };
  }

  /** Plans at a moment, for a look at what a tick would do. */
  observed(observer: Actor, worker: WorkerDeps): WorkerInvoker {
    const answer = async <T>(request: WorkerRequest): Promise<T> =>
      (await handleWorkerRequest(request, this.#invocation(observer), worker)) as T;
    return {
      run: async () => undefined,
      plan: (_worker, request) => answer(request),
      fence: (_worker, request) => answer(request),
    };
  }

  /** An asynchronous event: when and how often it arrives is chance. */
  accept(request: RunRequest): void {
    const { dice, weather } = this.#setting;
    if (weather.strikes('invocation dropped')) return;
    const copies = weather.strikes('invocation duplicated') ? dice.between(2, 3) : 1;
    for (let copy = 0; copy < copies; copy++) {
      const isLate = weather.strikes('invocation late');
      const most = dice.chance(0.5) ? 300_000 : 7_200_000;
      const after = isLate ? dice.between(20_000, most) : dice.between(10, copy === 0 ? 500 : 5_000);
      const late: Late = {
        request,
        done: false,
        appointment: this.#setting.agenda.after(after, () => {
          late.done = true;
          this.#start(request);
        }),
      };
      this.#late.push(late);
    }
    this.#late = this.#late.filter(({ done }) => !done);
  }

  /** What is still on its way arrives now; clocks are right again. */
  calm(): void {
    this.#hungryUntil.clear();
    for (const { request, appointment, done } of this.#late) {
      if (done) continue;
      appointment.cancel();
      this.#setting.agenda.after(1, () => this.#start(request));
    }
    this.#late = [];
    for (const { process } of this.running) process.skewMs = 0;
  }

  #start(request: RunRequest): void {
    const { agenda, weather, dice, timeoutMs } = this.#setting;
    if (weather.strikes('out of memory'))
      this.#hungryUntil.set(request.connector, agenda.now + dice.between(10_000, 900_000));
    const isHungry = agenda.now < (this.#hungryUntil.get(request.connector) ?? 0);
    const actor = this.#birth.run(request, isHungry);
    this.#reuse(request);
    this.running.add(actor);
    const end = (how: string): void => {
      if (!this.running.delete(actor)) return;
      this.#setting.story.tell(actor.process.name, () => how);
      actor.process.end();
      actor.process.freeze();
      this.#idle.push(actor);
    };
    agenda.after(timeoutMs, () => {
      if (!this.running.delete(actor)) return;
      this.#setting.story.tell(actor.process.name, () => 'is killed by Lambda: its time is up');
      this.#setting.onTimeout(actor);
      actor.process.kill();
    });
    this.#handle(request, actor).then(
      (result) => end(`ends: ${describe(result)}`),
      (error: unknown) => end(`ends with ${String(error)}`),
    );
  }

  /** The environment of an earlier invocation thaws: what that one left behind wakes up. */
  #reuse({ connector }: RunRequest): void {
    const earlier = this.#idle.filter((actor) => actor.connector === connector);
    if (earlier.length === 0 || !this.#setting.weather.strikes('environment used again')) return;
    for (const { process } of earlier) process.thaw('ended');
    this.#idle = this.#idle.filter((actor) => actor.connector !== connector);
  }

  /** A synchronous call: the coordinator waits for the answer, and no longer than a minute. */
  #sync<T>(coordinator: Actor, request: PlanRequest | FenceRequest): Promise<T> {
    const trip = this.#setting.weather.strikes('plan fails')
      ? this.#failing('lost', 'The function did not answer')
      : this.#swift();
    return coordinator.process.call(request.op, trip, async () => {
      const actor = this.#birth.plan(request);
      const timeout = new Promise<never>((_resolve, reject) =>
        this.#setting.agenda.after(60_000, () => reject(new RetriableError('The function timed out'))),
      );
      const answer = await Promise.race([this.#handle(request, actor), timeout]);
      // The worst moment for a run of before to wake up.
      if (request.op === 'fence') this.#birth.takenOver(({ connector }) => connector === request.connector);
      actor.process.end();
      return answer as T;
    });
  }

  #handle(request: WorkerRequest, actor: Actor): ReturnType<typeof handleWorkerRequest> {
    return handleWorkerRequest(request, this.#invocation(actor), this.#workerOf(actor));
  }

  #invocation(actor: Actor): InvocationContext {
    return {
      requestId: `request-${++this.#invocations}`,
      logGroup: 'simulation',
      logStream: actor.process.name,
      deadline: deadlineIn(this.#setting.timeoutMs, actor.process.clock),
      signal: new AbortController().signal,
    };
  }

  #failing(when: 'lost' | 'unanswered', why: string): Trip {
    return { ...this.#swift(), failure: { when, error: new RetriableError(why) } };
  }

  #swift(): Trip {
    const { dice } = this.#setting;
    return { out: dice.between(5, 60), back: dice.between(5, 60) };
  }
}

const describe = (result: Awaited<ReturnType<typeof handleWorkerRequest>>): string => {
  if (!('end' in result)) return 'answered';
  if (result.end === 'LEFT') return `leaves at once, ${result.why}`;
  return `${result.outcome.reason}${result.outcome.error === undefined ? '' : `: ${result.outcome.error.split('\n')[0]}`}`;
};
