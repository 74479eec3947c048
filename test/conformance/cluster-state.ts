import { isDeepStrictEqual } from 'node:util';
import type { ConnectorStatus } from '../../lib/coordinator/status.ts';
import type { CommittedOffset } from '../../lib/testing/connector-run.ts';
import { ownMessages } from './traces/trace-plugins.ts';

export interface RecordedStatus {
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly trace?: string }[];
}

export interface RecordedOffsets {
  readonly offsets: readonly {
    readonly partition: Readonly<Record<string, unknown>>;
    readonly offset: Readonly<Record<string, unknown>>;
  }[];
}

/** Null when states and the first lines of traces are the recorded ones. */
export function statusDifference(wanted: RecordedStatus, got: ConnectorStatus): string | null {
  const states = [
    { who: 'connector', wanted: describe(wanted.connector), got: describe(got) },
    ...wanted.tasks.map((task) => ({
      who: `task ${task.id}`,
      wanted: describe(task),
      got: describe(got.tasks.find(({ id }) => id === task.id)),
    })),
  ];
  const differing = states.find((state) => !isSame(state.wanted, state.got));
  return differing === undefined
    ? null
    : `${differing.who} should be ${differing.wanted}\n  but is ${differing.got}`;
}

const describe = (state: { readonly state: string; readonly trace?: string } | undefined): string =>
  state === undefined ? 'missing' : `${state.state}${state.trace ? ` ${state.trace.split('\n')[0]}` : ''}`;

/** What a test connector throws itself is in words of its own. */
function isSame(wanted: string, got: string): boolean {
  if (wanted === got) return true;
  const [head, message] = got.split(/: (.*)/);
  return message !== undefined && ownMessages.has(message) && wanted.startsWith(`${head}: `);
}

export function offsetsDifference(wanted: RecordedOffsets, got: readonly CommittedOffset[]): string | null {
  const [a, b] = [sorted(wanted.offsets), sorted(got)];
  return isDeepStrictEqual(a, b) ? null : `offsets should be ${a.join(' ')}\n  but are ${b.join(' ')}`;
}

const sorted = (offsets: readonly { partition: object; offset: object }[]): string[] =>
  offsets.map(({ partition, offset }) => `${text(partition)}=${text(offset)}`).toSorted();

const text = (map: object): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
  );
