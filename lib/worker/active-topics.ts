import type { RunScope } from './task-runner.ts';

/** Active-topic tracking (KIP-558): the first record of a topic leaves a TOPIC item. */
export class ActiveTopics {
  readonly #scope: Pick<RunScope, 'deps' | 'connector' | 'task'>;
  #known: Set<string> | undefined;

  constructor(scope: Pick<RunScope, 'deps' | 'connector' | 'task'>) {
    this.#scope = scope;
  }

  async note(topics: Iterable<string>): Promise<void> {
    const { deps, connector, task } = this.#scope;
    for (const topic of topics) {
      this.#known ??= new Set(await deps.state.topics.list(connector.name));
      if (this.#known.has(topic)) continue;
      await deps.state.topics.add(connector.name, topic, task.task, deps.clock.now());
      this.#known.add(topic);
    }
  }
}
