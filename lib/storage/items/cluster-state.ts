import type { Table } from '../table.ts';
import { Connectors } from './connectors.ts';
import { LoggedOffsets } from './logged-offsets.ts';
import { guardFormat } from './format-guard.ts';
import { OffsetHistory } from './offset-history.ts';
import { OffsetPages } from './offset-pages.ts';
import { Offsets } from './offsets.ts';
import { readRun, Runs, runSortKey, type RunItem } from './runs.ts';
import type { StoredPosition } from './stored-position.ts';
import { readTask, type TaskItem } from './task-item.ts';
import { connectorPk, Tasks } from './tasks.ts';
import { Topics } from './topics.ts';

/** All state of one cluster, over one table. */
export interface ClusterState {
  readonly connectors: Connectors;
  readonly tasks: Tasks;
  readonly runs: Runs;
  /** Of sources. */
  readonly offsets: Offsets;
  /** Of sources that are exactly-once. */
  readonly loggedOffsets: LoggedOffsets;
  /** Of sinks. */
  readonly offsetPages: OffsetPages;
  readonly offsetHistory: OffsetHistory;
  readonly topics: Topics;
  /** Tasks, and runs from epoch `from` on, of a connector in one consistent query: older runs are only history. */
  snapshot(connector: string, from?: number): Promise<{ tasks: TaskItem[]; runs: RunItem[] }>;
}

export function clusterState(unguarded: Table): ClusterState {
  const table = guardFormat(unguarded);
  const history = new OffsetHistory(table);
  return {
    connectors: new Connectors(table),
    tasks: new Tasks(table),
    runs: new Runs(table),
    offsets: new Offsets(table, history),
    loggedOffsets: new LoggedOffsets(table, history),
    offsetPages: new OffsetPages(table, history),
    offsetHistory: history,
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

/** The positions of a connector, in whichever items its kind stores them. */
export const storedPositions = (
  { offsets, offsetPages }: Pick<ClusterState, 'offsets' | 'offsetPages'>,
  { name, type }: { readonly name: string; readonly type: 'source' | 'sink' },
): Promise<StoredPosition[]> => (type === 'sink' ? offsetPages.list(name) : offsets.list(name));
