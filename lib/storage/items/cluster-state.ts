import type { Table } from '../table.ts';
import { Connectors } from './connectors.ts';
import { LoggedOffsets } from './logged-offsets.ts';
import { guardFormat } from './format-guard.ts';
import { Offsets } from './offsets.ts';
import { readRun, Runs, runSortKey, type RunItem } from './runs.ts';
import { connectorPk, readTask, Tasks, type TaskItem } from './tasks.ts';
import { Topics } from './topics.ts';

/** All state of one cluster, over one table. */
export interface ClusterState {
  readonly connectors: Connectors;
  readonly tasks: Tasks;
  readonly runs: Runs;
  readonly offsets: Offsets;
  readonly loggedOffsets: LoggedOffsets;
  readonly topics: Topics;
  /** Tasks, and runs from epoch `from` on, of a connector in one consistent query: older runs are only history. */
  snapshot(connector: string, from?: number): Promise<{ tasks: TaskItem[]; runs: RunItem[] }>;
}

export function clusterState(unguarded: Table): ClusterState {
  const table = guardFormat(unguarded);
  return {
    connectors: new Connectors(table),
    tasks: new Tasks(table),
    runs: new Runs(table),
    offsets: new Offsets(table),
    loggedOffsets: new LoggedOffsets(table),
    topics: new Topics(table),
    async snapshot(connector, from = 0) {
      // Of all sort keys those of runs come first.
      const items = await table.query(connectorPk(connector), '', { from: runSortKey(from) });
      return {
        tasks: items
          .filter((i) => i.sk.startsWith('task#'))
          .map(readTask)
          .sort((a, b) => a.task - b.task),
        runs: items.filter((i) => i.sk.startsWith('run#')).map(readRun),
      };
    },
  };
}
