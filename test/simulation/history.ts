import type { ConnectorConfig } from '../../lib/api/config.ts';
import type { CoordinatorDeps } from '../../lib/coordinator/pass.ts';
import { Herder } from '../../lib/coordinator/herder.ts';
import { lambdaCadence } from '../../lib/coordinator/schedule.ts';
import { lambdaTiming } from '../../lib/coordinator/timing.ts';
import { createLogger, type Logger } from '../../lib/foundation/logger.ts';
import { PluginRegistry } from '../../lib/plugins/registry.ts';
import { clusterState, type ClusterState } from '../../lib/storage/items/cluster-state.ts';
import { lambdaWorkerTiming, type WorkerDeps } from '../../lib/worker/worker-deps.ts';
import { Checks } from './checks/checks.ts';
import { checkRepeatedTick } from './checks/repeated-tick.ts';
import type { Violation } from './checks/verdict.ts';
import { Agenda } from './engine/agenda.ts';
import { Dice } from './engine/dice.ts';
import { Story } from './engine/story.ts';
import type { FaultCounts, FaultKind } from './faults/fault-kinds.ts';
import { Weather } from './faults/weather.ts';
import { type ConnectorSpec, randomConnectors } from './program/connector-spec.ts';
import { Life } from './program/life.ts';
import { Operations } from './program/operations.ts';
import { honest, type KnownBad } from './switches/known-bad.ts';
import type { Actor } from './world/actor.ts';
import { Birth } from './world/birth.ts';
import { thawAtTheWorstMoment } from './world/worst-moment.ts';
import { Kafka } from './world/kafka.ts';
import { KafkaNetwork } from './world/kafka-network.ts';
import { Lambda } from './world/lambda.ts';
import { Narrator } from './world/narrator.ts';
import { minuteMs, Schedule } from './world/schedule.ts';
import type { Setting } from './world/setting.ts';
import { sinkPlugin } from './world/sink-plugin.ts';
import { sourcePlugin } from './world/source-plugin.ts';
import { Store } from './world/store.ts';
import { Systems } from './world/systems.ts';
import { textConverter } from './world/text-converter.ts';

export interface HistoryOptions {
  readonly seed: number;
  /** Things that happen before it becomes calm. */
  readonly steps: number;
  readonly tell?: (line: string) => void;
  /** The table as it was when a promise was broken is a part of the story. */
  readonly showTable?: boolean;
  /** A version of the code with a known fault. */
  readonly bad?: KnownBad;
  /** Only these kinds of faults, beside the operations of users. */
  readonly only?: readonly FaultKind[];
}

export interface HistoryResult {
  readonly seed: number;
  readonly steps: number;
  /** Virtual milliseconds. */
  readonly lasted: number;
  readonly counts: FaultCounts;
  readonly records: number;
  readonly violation?: Violation;
}

/** All sources of such a history are exactly-once. */
const exactlyOnce: ConnectorConfig = {
  'exactly.once.source.support': 'enabled',
  'offset.storage.partitions': '2',
};

const epoch = Date.UTC(2026, 0, 1);
const mostMs = 3 * 3_600_000;
/** Backlog, a declared death and two ticks, a drain's own schedule, and the slowest answers still under way. */
const progressMs = 60_000 + 90_000 + 2 * minuteMs + 2 * minuteMs + 30_000;
/** Failures of before may still come to light for so long, and be followed by a backoff. */
const falloutMs = 300_000;

/** One history: a cluster, its users and its bad luck, all drawn from one seed; then calm, until all is done. */
export class History {
  readonly #options: HistoryOptions;
  readonly #dice: Dice;
  readonly #agenda = new Agenda();
  readonly #setting: Setting;
  readonly #store: Store;
  readonly #network: KafkaNetwork;
  readonly #kafka: Kafka;
  readonly #systems: Systems;
  readonly #checks: Checks;
  readonly #birth: Birth;
  readonly #lambda: Lambda;
  readonly #schedule: Schedule;
  readonly #life: Life;
  readonly #operations: Operations;
  readonly #registry: PluginRegistry;
  readonly #bad: KnownBad;
  readonly #connectors: readonly ConnectorSpec[];
  readonly #workerConfig: ConnectorConfig;
  #looked = 0;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#bad = options.bad ?? honest;
    const dice = new Dice(options.seed);
    const agenda = this.#agenda;
    const weather = new Weather(dice, options.only);
    const story = new Story(() => agenda.now, options.tell);
    this.#dice = dice;
    this.#workerConfig = dice.chance(0.5) ? exactlyOnce : {};
    this.#setting = {
      agenda,
      dice,
      weather,
      story,
      epoch,
      timeoutMs: dice.pick([240_000, 300_000, 600_000]),
      onTimeout: (actor) => this.#checks.timedOut(actor),
      onLeftover: (actor, what) => this.#checks.leftOver(actor, what),
    };
    const shared = { agenda, dice, weather };
    this.#store = new Store(shared);
    this.#network = new KafkaNetwork(shared);
    this.#kafka = new Kafka(agenda, this.#network, epoch);
    this.#systems = new Systems(shared);
    this.#checks = new Checks({
      setting: this.#setting,
      store: this.#store,
      kafka: this.#kafka,
      systems: this.#systems,
      running: () => this.#lambda.running,
      isExact: this.#workerConfig === exactlyOnce,
    });
    this.#birth = new Birth(this.#setting);
    this.#registry = new PluginRegistry(this.#plugins());
    this.#lambda = new Lambda(this.#setting, this.#birth, (actor) => this.#workerDeps(actor));
    this.#schedule = new Schedule(this.#setting, this.#birth, (actor) => this.#coordinatorDeps(actor));
    const { sources, sinks, evidence } = this.#checks;
    const { kafka, systems, setting } = {
      kafka: this.#kafka,
      systems: this.#systems,
      setting: this.#setting,
    };
    this.#life = new Life({ setting, systems, kafka, sources, sinks });
    this.#operations = new Operations({
      setting,
      birth: this.#birth,
      store: this.#store,
      evidence,
      kafka,
      life: this.#life,
      herderOf: (actor) => this.#herder(actor),
    });
    this.#connectors = randomConnectors(dice);
    this.#store.watchers.push((change) => thawAtTheWorstMoment(change, this.#birth));
    this.#store.watchers.push(({ key, before, after }) => {
      const open = (item: typeof after): number =>
        (item?.['budget'] as { until?: number } | undefined)?.until ?? 0;
      if (key.pk === 'connectors' && open(after) > open(before)) weather.count('budget used up');
    });
    const narrator = new Narrator(story);
    this.#store.watchers.unshift((change) => narrator.changed(change));
    this.#kafka.watchers.unshift((appended) => narrator.appended(appended));
  }

  async run(): Promise<HistoryResult> {
    for (const spec of this.#connectors) {
      this.#life.begin(spec);
      this.#tell('user', `creates ${spec.kind} ${spec.name}`);
      this.#operations.create(spec).catch((error: unknown) => this.#tell('user', String(error)));
      this.#operations.goOn(spec);
    }
    this.#schedule.start();
    const { steps } = this.#options;
    while (this.#agenda.steps < steps && this.#agenda.now < mostMs && !this.#checks.verdict.isBroken)
      await this.#step();
    if (!this.#checks.verdict.isBroken) await this.#comeToRest();
    const [violation] = this.#checks.verdict.violations;
    if (violation !== undefined) this.#tellEnd(violation);
    return {
      seed: this.#options.seed,
      steps: this.#agenda.steps,
      lasted: this.#agenda.now,
      counts: this.#setting.weather.counts,
      records: this.#checks.moved,
      ...(violation === undefined ? {} : { violation }),
    };
  }

  async #step(): Promise<void> {
    await this.#agenda.step();
    if (this.#schedule.ticks === this.#looked) return;
    this.#looked = this.#schedule.ticks;
    await this.#checks.look();
    if (this.#dice.chance(0.05)) await this.#checkRepeatedTicks();
  }

  /** Faults stop; then everything is done within the promised time, but for backoffs that are in force by design. */
  async #comeToRest(): Promise<void> {
    await this.#calm();
    const until = { progress: this.#agenda.now + progressMs, fallout: this.#agenda.now + falloutMs };
    let lookAgain = 0;
    let isRestarted = false;
    while (!this.#checks.verdict.isBroken) {
      await this.#step();
      if (this.#agenda.now < lookAgain) continue;
      lookAgain = this.#agenda.now + 2_000;
      const pending = this.#connectors.flatMap(({ name }) => this.#checks.rest.pending(name));
      if (pending.length === 0) break;
      for (const { name } of this.#connectors) {
        const held = this.#checks.rest.heldUntil(name) - epoch;
        if (this.#agenda.now < until.fallout) until.progress = Math.max(until.progress, held + progressMs);
      }
      if (this.#agenda.now >= until.fallout && !isRestarted) {
        // Failures that came to light only now need a user as well.
        isRestarted = true;
        until.progress = Math.max(until.progress, this.#agenda.now + progressMs);
        this.#restartFailed();
      }
      if (this.#agenda.now > until.progress) {
        const [first = ''] = pending;
        this.#checks.verdict.broken('progress once faults stop', first);
      }
    }
    if (!this.#checks.verdict.isBroken) await this.#checkRepeatedTicks();
  }

  async #calm(): Promise<void> {
    this.#tell('CALM', 'faults stop');
    this.#setting.weather.isCalm = true;
    for (const part of [
      this.#store,
      this.#network,
      this.#systems,
      this.#birth,
      this.#lambda,
      this.#schedule,
      this.#life,
    ])
      part.calm();
    for (const item of this.#store.items.values()) await this.#store.restoreFormat(item);
    for (const spec of this.#connectors) {
      if (this.#dice.chance(0.6)) this.#life.mend(spec.name);
      const target = this.#dice.pick(['RUNNING', 'RUNNING', 'RUNNING', 'PAUSED', 'STOPPED'] as const);
      this.#settle(spec, target);
    }
  }

  #restartFailed(): void {
    for (const spec of this.#connectors)
      if (this.#checks.evidence.connector(spec.name)?.['targetState'] === 'RUNNING')
        this.#settle(spec, 'RUNNING');
  }

  #settle(spec: ConnectorSpec, target: 'RUNNING' | 'PAUSED' | 'STOPPED'): void {
    this.#tell('user', `${spec.name} shall be ${target} in the end`);
    this.#operations
      .settle(spec, target)
      .catch((error: unknown) => this.#checks.verdict.broken('progress once faults stop', String(error)));
  }

  async #checkRepeatedTicks(): Promise<void> {
    for (const { name } of this.#connectors) {
      if (!this.#checks.evidence.isReadable(name)) continue;
      const observer = this.#birth.observer(name);
      const deps = this.#coordinatorDeps(observer);
      const copy = await this.#store.copy();
      const invoker = this.#lambda.observed(observer, this.#workerDeps(observer));
      await checkRepeatedTick(copy, name, { ...deps, invoker, log: silent }, this.#checks.verdict);
    }
  }

  #plugins() {
    const { weather } = this.#setting;
    const sink = sinkPlugin({
      systems: this.#systems,
      weather,
      part: (count) => this.#dice.between(0, count - 1),
      delivered: (by, partition, offset) => this.#checks.delivered(by, partition, offset),
      promised: (by, offsets) => this.#checks.sinks.promised(by, offsets),
    });
    return [sourcePlugin(this.#systems), this.#bad.sink?.(sink) ?? sink, textConverter];
  }

  #state(actor: Actor): ClusterState {
    const table = this.#store.table(actor);
    const state = clusterState(this.#bad.table?.(table) ?? table);
    return this.#bad.state?.(state, table) ?? state;
  }

  #workerDeps(actor: Actor): WorkerDeps {
    const client = this.#kafka.client(actor);
    return {
      state: this.#state(actor),
      kafka: async () => this.#bad.kafka?.(client) ?? client,
      registry: this.#registry,
      providers: {},
      workerConfig: this.#workerConfig,
      cadence: lambdaCadence,
      timing: lambdaWorkerTiming,
      clock: actor.process.clock,
      random: this.#dice.stream(),
      log: this.#log(actor),
    };
  }

  #coordinatorDeps(actor: Actor): CoordinatorDeps {
    return {
      state: this.#state(actor),
      invoker: this.#lambda.invoker(actor),
      clock: actor.process.clock,
      random: this.#dice.stream(),
      log: this.#log(actor),
      timing: lambdaTiming,
      cadence: lambdaCadence,
    };
  }

  #herder(actor: Actor): Herder {
    return new Herder({
      state: this.#state(actor),
      registry: this.#registry,
      clock: actor.process.clock,
      random: this.#dice.stream(),
      workerConfig: this.#workerConfig,
      nudge: async (connector) => this.#schedule.nudge(connector),
    });
  }

  #log(actor: Actor): Logger {
    const { story } = this.#setting;
    if (!story.isTold) return silent;
    return createLogger(({ level, message, ...fields }) => {
      const rest = Object.entries(fields).filter(([name]) => !['connector', 'task', 'epoch'].includes(name));
      const details = rest.map(([name, value]) => `${name}=${String(value).split('\n')[0]}`).join(' ');
      story.tell(actor.process.name, () => `${level === 'info' ? '' : `${level}: `}${message} ${details}`);
    });
  }

  /** What was broken, and the table as it was then. */
  #tellEnd({ promise, what }: Violation): void {
    this.#tell('CHECK', `${promise} BROKEN: ${what}`);
    if (this.#options.showTable !== true) return;
    for (const { pk, sk, ...attributes } of this.#store.items.values())
      this.#tell('table', `${pk} / ${sk} ${JSON.stringify(attributes)}`);
  }

  #tell(who: string, what: string): void {
    this.#setting.story.tell(who, () => what);
  }
}

const silent = createLogger(() => undefined, 'error');
