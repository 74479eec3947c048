import { consumers, producers } from './client-contenders.ts';
import { fileSinks, fileSources, transformedSources } from './connect-contenders.ts';
import type { Contender } from './contender.ts';
import { notAmongThem, tableSources, topicEnding } from './postgres-contenders.ts';
import type { Shape } from './shapes.ts';

/** One way records take, and who competes on it; the first is compared with the others. */
export interface Path {
  readonly name: string;
  readonly title: string;
  /** Where records are seen to arrive: in the topic, in the output file, or by what the contender says. */
  readonly arrivesIn: 'topic' | 'file' | 'contender';
  readonly contenders: readonly Contender[];
  /** Records come from a table, which only some shapes have. */
  readonly readsTable?: boolean;
  /** How the names of its topics end. */
  readonly topicEnding?: string;
  /** What a reader of its figures must know. */
  readonly note?: string;
}

/** Whether records of this shape can take this path. */
export const fits = ({ name, readsTable = false }: Path, { row, only }: Shape): boolean =>
  readsTable === (row !== undefined) && (only?.includes(name) ?? true);

export const paths: readonly Path[] = [
  { name: 'producer', title: 'records → topic', arrivesIn: 'topic', contenders: producers },
  { name: 'consumer', title: 'topic → records', arrivesIn: 'contender', contenders: consumers },
  {
    name: 'source',
    title: 'file → FileStreamSource → String → topic',
    arrivesIn: 'topic',
    contenders: fileSources,
  },
  {
    name: 'transforms',
    title: 'file → FileStreamSource → hoist, insert, mask, rename → JSON → topic',
    arrivesIn: 'topic',
    contenders: transformedSources,
  },
  {
    name: 'sink',
    title: 'topic → String → FileStreamSink → file',
    arrivesIn: 'file',
    contenders: fileSinks,
  },
  {
    name: 'postgres',
    title: 'PostgreSQL table → JDBC source, or Debezium snapshot → JSON → topic',
    arrivesIn: 'topic',
    contenders: tableSources,
    readsTable: true,
    topicEnding,
    note: notAmongThem,
  },
];
