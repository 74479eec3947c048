import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SourcePlugin } from '../../../lib/api/connector.ts';
import type { SourceTask } from '../../../lib/api/source.ts';
import type { SourceRecord } from '../../../lib/api/record.ts';
import { actorOf } from './actor.ts';
import type { Part, Systems } from './systems.ts';

/** How long a continuous poll waits for rows: `poll` must return within seconds. */
const patienceMs = 5_000;

export const rowText = (part: Part, row: number): string =>
  `${part.poison.has(row) ? 'poison' : 'row'}:${part.name}#${row}`;

/** What a row's text says; undefined for a text that is none. */
export function parseRow(text: string): { kind: string; name: string; row: number } | undefined {
  const match = /(row|poison|refuse):([^#"]+)#(\d+)/.exec(text);
  return match === null ? undefined : { kind: match[1] ?? '', name: match[2] ?? '', row: Number(match[3]) };
}

/** A source whose parts are dealt to its tasks; the offset of a part is the next row. */
export function sourcePlugin(systems: Systems): SourcePlugin {
  return {
    kind: 'source',
    class: 'sim.Source',
    version: '1',
    status: 'stable',
    module: import.meta.url,
    configDef: new ConfigDef({
      batch: { type: 'INT', default: 3, importance: 'LOW', doc: 'Most rows of a part in one batch.' },
    }),
    connector: async () => ({
      taskConfigs: async (maxTasks, { clock, connector, signal }) => {
        const names = await systems.call(actorOf(clock), 'list parts', signal, () =>
          [...systems.partsOf(connector).values()].filter((p) => p.isPresent).map((p) => p.name),
        );
        const count = Math.min(maxTasks, names.length);
        return Array.from({ length: count }, (_, task) => ({
          parts: names.filter((_name, i) => i % count === task).join(','),
        }));
      },
    }),
    task: async () => sourceTask(systems),
  };
}

function sourceTask(systems: Systems): SourceTask {
  let reading: { name: string; next: number }[] = [];
  let batch = 3;
  return {
    start: async (config, { offsets, config: taskConfig }) => {
      batch = Number(taskConfig['batch'] ?? 3);
      const names = (config['parts'] ?? '').split(',').filter((name) => name !== '');
      const stored = await offsets.getAll(names.map((part) => ({ part })));
      reading = names.map((name, i) => ({ name, next: Number(stored[i]?.['next'] ?? 0) }));
    },
    poll: async ({ clock, connector, draining, signal }) => {
      const wanted = reading.map(({ name, next }) => ({ name, next }));
      const records = await systems.call(actorOf(clock), 'read rows', signal, () =>
        wanted.flatMap(({ name, next }) => rowsFrom(systems, connector, name, { next, batch })),
      );
      for (const part of reading) {
        const last = records.findLast(({ sourcePartition }) => sourcePartition['part'] === part.name);
        if (last !== undefined) part.next = Number(last.sourceOffset['next']);
      }
      if (records.length === 0 && !draining) await clock.sleep(patienceMs, signal);
      return records;
    },
  };
}

function rowsFrom(
  systems: Systems,
  connector: string,
  name: string,
  { next, batch }: { next: number; batch: number },
): SourceRecord[] {
  const part = systems.partsOf(connector).get(name);
  if (part === undefined || !part.isPresent) return [];
  const until = Math.min(part.rows, next + batch);
  return Array.from({ length: Math.max(0, until - next) }, (_, i) => ({
    sourcePartition: { part: name },
    sourceOffset: { next: next + i + 1 },
    topic: `${connector}-out`,
    key: name,
    value: rowText(part, next + i),
  }));
}
