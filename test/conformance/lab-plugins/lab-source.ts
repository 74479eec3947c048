import { ConfigDef } from '../../../lib/api/config-def.ts';
import { oneOf } from '../../../lib/api/config-def/validators.ts';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { SourcePlugin } from '../../../lib/api/connector.ts';
import type { SourceTaskContext } from '../../../lib/api/context.ts';
import { stringSchema } from '../../../lib/api/data/schema.ts';
import { ConnectError } from '../../../lib/api/errors.ts';
import type { SourceRecord } from '../../../lib/api/record.ts';
import type { SourceConnector, SourceTask } from '../../../lib/api/source.ts';
import { labVersion } from './lab-version.ts';

const labSourceConfig = new ConfigDef({
  topic: {
    type: 'STRING',
    importance: 'HIGH',
    group: 'Target',
    orderInGroup: 1,
    width: 'LONG',
    displayName: 'Topic name',
    dependents: ['lab.tasks'],
    doc: 'Topic of the records.',
  },
  'lab.tasks': {
    type: 'INT',
    default: -1,
    importance: 'MEDIUM',
    group: 'Target',
    orderInGroup: 2,
    width: 'SHORT',
    displayName: 'Tasks',
    recommender: {
      validValues: () => [1, 2, 3],
      visible: (_name, parsed) => parsed['topic'] !== 'hidden',
    },
    doc: 'How many task configs there are; -1: as many as tasks.max.',
  },
  'lab.mode': {
    type: 'STRING',
    default: 'slow',
    importance: 'LOW',
    validator: oneOf('slow', 'fast'),
    doc: 'One of two words.',
  },
  'lab.secret': { type: 'PASSWORD', default: null, importance: 'LOW', doc: 'A secret.' },
  'lab.list': { type: 'LIST', default: ['a', 'b'], importance: 'LOW', doc: 'A list.' },
  'lab.num': { type: 'DOUBLE', default: 1.5, importance: 'LOW', doc: 'A number.' },
  'lab.class': { type: 'CLASS', default: null, importance: 'LOW', doc: 'A class.' },
});

class LabSourceConnector implements SourceConnector {
  #config: ConnectorConfig = {};

  start(config: ConnectorConfig): void {
    if (config['lab.fail.connector'] === 'true') throw new ConnectError('connector told to fail');
    this.#config = config;
  }

  taskConfigs(maxTasks: number): ConnectorConfig[] {
    const wanted = Number(this.#config['lab.tasks'] ?? -1);
    return Array.from({ length: wanted < 0 ? maxTasks : wanted }, (_, task) => ({
      ...this.#config,
      'lab.task.id': String(task),
    }));
  }

  exactlyOnceSupport(config: ConnectorConfig): 'SUPPORTED' | 'UNSUPPORTED' | null {
    const said = config['lab.eos'];
    return said === 'SUPPORTED' || said === 'UNSUPPORTED' ? said : null;
  }

  /** `lab.alter`: true, false, or an error, which stands for Java's UnsupportedOperationException as well. */
  alterOffsets(config: ConnectorConfig): boolean {
    const outcome = config['lab.alter'] ?? 'true';
    if (outcome === 'throw') throw new ConnectError('alter refused');
    if (outcome === 'unsupported')
      throw new ConnectError('the lab connector does not alter offsets', { code: 'UNSUPPORTED' });
    return outcome === 'true';
  }
}

/** `lab.records` records a task, one a poll, numbered from where the stored offset says. */
class LabSourceTask implements SourceTask {
  #next = 1;

  async start(config: ConnectorConfig, context: SourceTaskContext): Promise<void> {
    failIfTold(config, 'start');
    const stored = await context.offsets.get(partitionOf(config));
    this.#next = Number(stored?.['n'] ?? 0) + 1;
  }

  poll({ config }: SourceTaskContext): SourceRecord[] | null {
    failIfTold(config, 'poll');
    if (this.#next > Number(config['lab.records'] ?? 3)) return null;
    const n = this.#next++;
    return [
      {
        topic: config['topic'] ?? '',
        keySchema: stringSchema,
        key: `k${taskOf(config)}`,
        valueSchema: stringSchema,
        value: `v${n}`,
        sourcePartition: partitionOf(config),
        sourceOffset: { n },
      },
    ];
  }
}

const taskOf = (config: ConnectorConfig): number => Number(config['lab.task.id'] ?? 0);

const partitionOf = (config: ConnectorConfig): { task: number } => ({ task: taskOf(config) });

function failIfTold(config: ConnectorConfig, when: 'start' | 'poll'): void {
  if (config['lab.fail.task'] !== String(taskOf(config)) || (config['lab.fail.when'] ?? 'start') !== when)
    return;
  throw new ConnectError(`task ${taskOf(config)} told to fail in ${when}`);
}

/** The source of the recordings: FORMAT.md, section 6. */
export const labSource = {
  kind: 'source',
  class: 'lab.LabSource',
  version: labVersion,
  status: 'experimental',
  module: import.meta.url,
  configDef: labSourceConfig,
  connector: async () => new LabSourceConnector(),
  task: async () => new LabSourceTask(),
} satisfies SourcePlugin;
