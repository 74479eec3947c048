import type { ConnectorConfig } from '../api/config.ts';
import type { SourceTaskContext, TaskContext } from '../api/context.ts';
import type { RunScope } from './task-runner.ts';

/** What every hook of a task is handed. */
export function taskContext(scope: RunScope, config: ConnectorConfig): TaskContext {
  const { deps, signal, softDeadline, log, connector, task } = scope;
  return {
    signal,
    deadline: softDeadline,
    log,
    clock: deps.clock,
    connector: connector.name,
    task: task.task,
    config,
  };
}

export function sourceTaskContext(scope: RunScope): SourceTaskContext {
  const { offsets, draining, task } = scope;
  const { batchDivisor } = task;
  return { ...taskContext(scope, scope.taskConfig), offsets, draining, batchDivisor };
}
