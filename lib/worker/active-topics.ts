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

/** The topics of a batch; undefined: a record without one. Neighbours mostly share theirs, so the set is seldom asked. */
export function distinctTopics<R>(
  records: readonly R[],
  topicOf: (record: R) => string | undefined,
): ReadonlySet<string> {
  const topics = new Set<string>();
  let last: string | undefined;
  for (const record of records) {
    const topic = topicOf(record);
    if (topic !== undefined && topic !== last) topics.add((last = topic));
  }
  return topics;
}
