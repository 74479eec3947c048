import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { readTask, type TaskItem } from '../../../lib/storage/items/task-item.ts';
import type { Item } from '../../../lib/storage/table.ts';
import type { Store } from '../world/store.ts';
import type { Systems } from '../world/systems.ts';
import type { Evidence } from './evidence.ts';
import { committedIn } from '../world/page-changes.ts';
import type { SinkLedger } from './sink-ledger.ts';
import { nextOf, type SourceLedger } from './source-ledger.ts';

export interface RestParts {
  readonly store: Store;
  readonly systems: Systems;
  readonly evidence: Evidence;
  readonly sources: SourceLedger;
  readonly sinks: SinkLedger;
}

/** Whether a connector has come to where it should be; the answer lists what is still to do. */
export class Rest {
  readonly #parts: RestParts;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  pending(name: string): string[] {
    const { store, evidence } = this.#parts;
    const connector = evidence.connector(name);
    if (connector === undefined) return []; // it could not be created while the table was down
    const target = String(connector['targetState']);
    if (target === 'DELETED')
      return store.partition(`connector#${name}`).map(({ sk }) => `${sk} of deleted ${name} is still there`);
    if (target === 'DELETING') return [`${name} is still being deleted`];
    const live = evidence.runs(name).filter(isLive);
    if (target === 'RUNNING') return this.#behind(name, connector);
    const pending = live.map(({ epoch }) => `run ${epoch} of ${name} is live, which shall be ${target}`);
    if (connector['state'] !== target && connector['state'] !== 'FAILED')
      pending.push(`${name} is ${String(connector['state'])}, not ${target}`);
    if (target === 'STOPPED' && this.#tasks(name).length > 0) pending.push(`${name} still has tasks`);
    return pending;
  }

  /** When the backoff of a connector or one of its tasks ends: until then it waits by design. */
  heldUntil(name: string): number {
    const connector = this.#parts.evidence.connector(name);
    const budget = (connector?.['budget'] ?? {}) as { until?: number };
    const until = [
      budget.until ?? 0,
      Number(connector?.['planNotBefore'] ?? 0),
      ...this.#tasks(name).map((t) => t.notBefore),
    ];
    return Math.max(...until.filter((at) => at < 8e15));
  }

  #behind(name: string, connector: Item): string[] {
    const config = connector['config'] as ConnectorConfig;
    if (connector['plannedFrom'] !== connector['configVersion']) return [`${name} is not planned yet`];
    const tasks = this.#tasks(name).filter((task) => task.generation === connector['generation']);
    return connector['type'] === 'source'
      ? this.#source(name, config, tasks)
      : this.#sink(name, config, tasks);
  }

  #source(name: string, config: ConnectorConfig, tasks: readonly TaskItem[]): string[] {
    const { sources, systems } = this.#parts;
    const offsets = this.#offsets(name);
    const committed = (part: string): number => nextOf(offsets.find((item) => partOf(item) === part));
    const behind = sources.behind(name, committed, config['errors.tolerance'] === 'all');
    return behind.flatMap((part) => {
      const task = tasks.find(({ config: own }) => own['parts']?.split(',').includes(part));
      const parts = task?.config['parts']?.split(',') ?? [];
      const isExcused =
        task?.state === 'FAILED' &&
        parts.some((p) =>
          [...(systems.partsOf(name).get(p)?.poison ?? [])].some((row) => row >= committed(p)),
        );
      return isExcused
        ? []
        : [`${name}: ${part} is at ${committed(part)} (task ${task?.task} ${task?.state})`];
    });
  }

  #sink(name: string, config: ConnectorConfig, tasks: readonly TaskItem[]): string[] {
    const { sinks } = this.#parts;
    const offsets = committedIn(this.#offsets(name));
    const committed = (partition: string): bigint => offsets.get(partition) ?? 0n;
    return sinks.behind(config['topics'] ?? '', committed, config).flatMap((partition) => {
      const mine = (task: TaskItem): string[] =>
        Object.entries(task.assignment ?? {}).flatMap(([topic, numbers]) =>
          numbers.map((number) => topicPartition(topic, number)),
        );
      const task = tasks.find((candidate) => mine(candidate).includes(partition));
      const isExcused =
        task?.state === 'FAILED' &&
        mine(task).some((p) => sinks.hasBadRecord(p as typeof partition, committed(p)));
      return isExcused
        ? []
        : [`${name}: ${partition} is at ${committed(partition)} (task ${task?.task} ${task?.state})`];
    });
  }

  #tasks(name: string): TaskItem[] {
    return this.#parts.store
      .partition(`connector#${name}`)
      .filter(({ sk }) => sk.startsWith('task#'))
      .map((item) => readTask({ ...item, format: 1 }));
  }

  #offsets(name: string): Item[] {
    return this.#parts.store.partition(`offsets#${name}`);
  }
}

const partOf = (item: Item): string | undefined =>
  (JSON.parse(String(item['partition'])) as { part?: string }).part;
