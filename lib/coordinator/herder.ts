import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError } from '../api/errors.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Random } from '../foundation/random.ts';
import { invalidConfig } from '../plugins/invalid-config.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { validateConnector } from '../plugins/validate-connector.ts';
import type { ClusterState } from '../storage/items/cluster-state.ts';
import type { ConnectorItem, TargetState, WorkerRef } from '../storage/items/connector-item.ts';
import type { TaskItem } from '../storage/items/task-item.ts';

export interface HerderDeps {
  readonly state: ClusterState;
  readonly registry: PluginRegistry;
  readonly clock: Clock;
  readonly random: Random;
  /** Properties of the worker, as validation shows them: `{}` for the defaults. */
  readonly workerConfig: ConnectorConfig;
  /** Called after each change, so that it takes effect before the next tick. */
  readonly nudge: (connector: string) => Promise<void>;
}

export interface PutOptions {
  readonly worker: WorkerRef;
  readonly initialState?: 'RUNNING' | 'PAUSED' | 'STOPPED';
}

export interface RestartOptions {
  readonly includeTasks: boolean;
  readonly onlyFailed: boolean;
}

/** Changes what is wanted: configs and target states. REST, CLI and CDK all come through here. */
export class Herder {
  readonly #deps: HerderDeps;
  constructor(deps: HerderDeps) {
    this.#deps = deps;
  }

  /** Throws ALREADY_EXISTS, or BAD_REQUEST with every error of an invalid config. */
  async create(name: string, config: ConnectorConfig, options: PutOptions): Promise<ConnectorItem> {
    const { state, clock, random } = this.#deps;
    const { named, type } = await this.#validated(name, config);
    const created = await state.connectors.create(
      {
        name,
        uid: random.token(),
        type,
        config: named,
        targetState: options.initialState ?? 'RUNNING',
        worker: options.worker,
      },
      clock.now(),
      random.token(),
    );
    await this.#deps.nudge(name);
    return created;
  }

  /** Creates the connector or replaces its config; an unchanged config and worker change nothing. */
  async put(
    name: string,
    config: ConnectorConfig,
    options: PutOptions,
  ): Promise<{ created: boolean; connector: ConnectorItem }> {
    const { state, clock } = this.#deps;
    const { named } = await this.#validated(name, config);
    const current = await state.connectors.get(name);
    if (current === undefined) return { created: true, connector: await this.create(name, config, options) };
    const keepsConfig = sameConfig(current.config, named);
    if (keepsConfig && sameWorker(current.worker, options.worker))
      return { created: false, connector: current };
    const connector = keepsConfig
      ? await state.connectors.deploy(name, options.worker, clock.now())
      : await state.connectors.reconfigure(name, named, options.worker, clock.now());
    if (connector === undefined) throw notFound(name);
    await this.#deps.nudge(name);
    return { created: false, connector };
  }

  async setTargetState(
    name: string,
    targetState: TargetState & ('RUNNING' | 'PAUSED' | 'STOPPED'),
  ): Promise<void> {
    if (!(await this.#deps.state.connectors.setTargetState(name, targetState, this.#deps.clock.now())))
      throw notFound(name);
    await this.#deps.nudge(name);
  }

  /**
   * Restarts what is asked for: the connector (unless only what has failed is, and it has not), and with
   * `includeTasks` its tasks, all or the failed ones (KIP-745). Each shows as RESTARTING from now on; runs of a task
   * end in order before the next one is granted. A connector that is stopped stays stopped.
   */
  async restart(name: string, { includeTasks, onlyFailed }: RestartOptions): Promise<void> {
    const { state, clock } = this.#deps;
    const connector = await this.#known(name);
    if (includeTasks) {
      for (const task of await this.#tasks(connector))
        if (task.state === 'FAILED' || !onlyFailed) await state.tasks.restart(task, connector.epoch);
    }
    if (connector.state === 'FAILED' || !onlyFailed) await state.connectors.restart(name, clock.now());
    else await state.connectors.wake(name);
    await this.#deps.nudge(name);
  }

  async restartTask(name: string, number: number): Promise<void> {
    const { state } = this.#deps;
    const connector = await this.#known(name);
    const task = (await this.#tasks(connector)).find((each) => each.task === number);
    if (task === undefined) throw new ConnectError(`Unknown task: ${name}-${number}`, { code: 'NOT_FOUND' });
    await state.tasks.restart(task, connector.epoch);
    await state.connectors.wake(name);
    await this.#deps.nudge(name);
  }

  async #known(name: string): Promise<ConnectorItem> {
    const connector = await this.#deps.state.connectors.get(name);
    if (connector === undefined) throw new ConnectError(`Unknown connector: ${name}`, { code: 'NOT_FOUND' });
    return connector;
  }

  async #tasks({ name, generation }: ConnectorItem): Promise<TaskItem[]> {
    return (await this.#deps.state.tasks.list(name)).filter((task) => task.generation === generation);
  }

  /** Stops the connector and removes it; its offsets are kept, as in Kafka Connect. */
  async delete(name: string): Promise<void> {
    if (!(await this.#deps.state.connectors.setTargetState(name, 'DELETING', this.#deps.clock.now())))
      throw notFound(name);
    await this.#deps.nudge(name);
  }

  /** Invariant 7: no config is stored unvalidated, and only `name` is added to it. */
  async #validated(
    name: string,
    config: ConnectorConfig,
  ): Promise<{ named: ConnectorConfig; type: 'source' | 'sink' }> {
    if (config['name'] !== undefined && config['name'] !== name) {
      throw badRequest(
        `Connector name configuration (${config['name']}) doesn't match connector name in the URL (${name})`,
      );
    }
    const named = { ...config, name };
    const { registry, workerConfig } = this.#deps;
    const validation = await validateConnector(named, registry, { workerConfig });
    const invalid = invalidConfig(validation);
    if (invalid !== undefined) throw invalid;
    return { named, type: validation.type };
  }
}

const badRequest = (message: string): ConnectError => new ConnectError(message, { code: 'BAD_REQUEST' });
const notFound = (name: string): ConnectError =>
  new ConnectError(`Connector ${name} not found`, { code: 'NOT_FOUND' });

const sameConfig = (a: ConnectorConfig, b: ConnectorConfig): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => b[key] === value);

const sameWorker = (a: WorkerRef, b: WorkerRef): boolean =>
  a.functionName === b.functionName && a.version === b.version;
