import { Herder } from '../../../lib/coordinator/herder.ts';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { ConnectError, toConnectError } from '../../../lib/api/errors.ts';
import type { FaultKind } from '../faults/fault-kinds.ts';
import type { Evidence } from '../checks/evidence.ts';
import type { Actor } from '../world/actor.ts';
import type { Birth } from '../world/birth.ts';
import type { Kafka } from '../world/kafka.ts';
import type { Setting } from '../world/setting.ts';
import type { Store } from '../world/store.ts';
import { type ConnectorSpec, inTopic, randomConfig } from './connector-spec.ts';
import type { Life } from './life.ts';

export interface OperationParts {
  readonly setting: Setting;
  readonly birth: Birth;
  readonly store: Store;
  readonly evidence: Evidence;
  readonly kafka: Kafka;
  readonly life: Life;
  readonly herderOf: (actor: Actor) => Herder;
}

type Operation = (spec: ConnectorSpec) => Promise<string | undefined> | string | undefined;

/** What users and operators do to connectors, now and then, at the worst of moments. */
export class Operations {
  readonly #parts: OperationParts;
  readonly #configs = new Map<string, ConnectorConfig>();
  #version = 1;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  async create(spec: ConnectorSpec): Promise<void> {
    const config = randomConfig(spec, this.#parts.setting.dice);
    this.#configs.set(spec.name, config);
    await this.#herder().create(spec.name, config, { worker: this.#worker() });
  }

  /** Goes on until it is calm. */
  goOn(spec: ConnectorSpec): void {
    const { agenda, dice, weather } = this.#parts.setting;
    agenda.after(dice.between(5_000, 150_000), () => {
      if (weather.isCalm) return;
      void this.#one(spec);
      this.goOn(spec);
    });
  }

  /** What is wanted in the end, so that there is an end to wait for; tried until it is done. */
  async settle({ name }: ConnectorSpec, target: 'RUNNING' | 'PAUSED' | 'STOPPED'): Promise<void> {
    const herder = this.#herder();
    try {
      await herder.setTargetState(name, target);
      if (target === 'RUNNING') await herder.restart(name, { includeTasks: true, onlyFailed: true });
    } catch (error) {
      // Deleted, or on the way there.
      if (!(error instanceof ConnectError) || error.code !== 'NOT_FOUND') throw error;
    }
  }

  async #one(spec: ConnectorSpec): Promise<void> {
    const { setting, evidence } = this.#parts;
    const { dice, weather, story } = setting;
    const target = evidence.connector(spec.name)?.['targetState'];
    const kinds: FaultKind[] =
      target === 'DELETED'
        ? ['created again']
        : target === 'PAUSED' || target === 'STOPPED'
          ? ['resumed', 'resumed', 'resumed', 'config changed', 'deleted', 'stopped', 'paused']
          : ordinary;
    const kind = dice.pick(kinds);
    const operation = this.#operations[kind];
    if (operation === undefined) return;
    try {
      const what = await operation(spec);
      if (what === undefined) return;
      weather.count(kind);
      story.tell('user', () => `${spec.name}: ${what}`);
    } catch (error) {
      story.tell('user', () => `${spec.name} ${kind}: fails, ${toConnectError(error).message}`);
    }
  }

  readonly #operations: Partial<Record<FaultKind, Operation>> = {
    'config changed': async (spec) => {
      const config = randomConfig(spec, this.#parts.setting.dice);
      this.#configs.set(spec.name, config);
      await this.#herder().put(spec.name, config, { worker: this.#worker() });
      return `config changed, tasks.max=${config['tasks.max']} mode=${config['lambda.mode']} tolerance=${config['errors.tolerance'] ?? 'none'}`;
    },
    paused: (spec) => this.#target(spec, 'PAUSED'),
    stopped: (spec) => this.#target(spec, 'STOPPED'),
    resumed: (spec) => this.#target(spec, 'RUNNING'),
    restarted: async ({ name }) => {
      const { dice } = this.#parts.setting;
      const options = { includeTasks: dice.chance(0.7), onlyFailed: dice.chance(0.5) };
      await this.#herder().restart(name, options);
      return `restarted, includeTasks=${options.includeTasks} onlyFailed=${options.onlyFailed}`;
    },
    deleted: async ({ name }) => {
      await this.#herder().delete(name);
      return 'deleted';
    },
    'created again': async (spec) => {
      await this.create(spec);
      return 'created again';
    },
    'partition added': ({ name, kind }) => {
      if (kind === 'source') return `part ${this.#parts.life.addPart(name).name} appears`;
      this.#parts.kafka.addPartitions(inTopic(name), 1);
      return 'its topic has one more partition';
    },
    'partition dropped': ({ name, kind }) => {
      const dropped = kind === 'source' ? this.#parts.life.dropPart(name) : undefined;
      return dropped && `part ${dropped} disappears`;
    },
    'partition renamed': ({ name, kind }) => {
      const renamed = kind === 'source' ? this.#parts.life.renamePart(name) : undefined;
      return renamed && `part ${renamed} renamed`;
    },
    'new code': async (spec) => {
      this.#version++;
      return this.#deploy(spec);
    },
    'rolled back': async (spec) => {
      this.#version = Math.max(1, this.#version - 1);
      return this.#deploy(spec);
    },
    'newer stored format': ({ name }) => this.#newerFormat(name),
  };

  async #target({ name }: ConnectorSpec, target: 'RUNNING' | 'PAUSED' | 'STOPPED'): Promise<string> {
    await this.#herder().setTargetState(name, target);
    return `shall be ${target}`;
  }

  async #deploy({ name }: ConnectorSpec): Promise<string> {
    await this.#herder().put(name, this.#configs.get(name) ?? {}, { worker: this.#worker() });
    return `runs on code version ${this.#version} now`;
  }

  /** A newer version of Sluice has written an item and was rolled back; a while later it is deployed again. */
  async #newerFormat(name: string): Promise<string | undefined> {
    const { store, setting } = this.#parts;
    const items = [
      ...store.partition('connectors').filter(({ sk }) => sk === name),
      ...store.partition(`connector#${name}`),
      ...store.partition(`offsets#${name}`),
    ];
    const item = setting.dice.pick(items);
    await store.set(item, { format: 2 });
    setting.agenda.after(setting.dice.between(20_000, 240_000), () => void store.restoreFormat(item));
    return `a newer version has written ${item.pk}/${item.sk}, and is rolled back`;
  }

  #herder(): Herder {
    return this.#parts.herderOf(this.#parts.birth.user());
  }

  #worker(): { functionName: string; version: string } {
    return { functionName: 'worker', version: String(this.#version) };
  }
}

const ordinary: FaultKind[] = [
  'config changed',
  'config changed',
  'config changed',
  'paused',
  'stopped',
  'restarted',
  'restarted',
  'deleted',
  'partition added',
  'partition added',
  'partition dropped',
  'partition renamed',
  'new code',
  'rolled back',
  'newer stored format',
];
