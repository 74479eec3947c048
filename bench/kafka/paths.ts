import { consumers, producers } from './client-contenders.ts';
import { fileSinks, fileSources, transformedSources } from './connect-contenders.ts';
import type { Contender } from './contender.ts';

/** One way records take, and who competes on it; the first is compared with the others. */
export interface Path {
  readonly name: string;
  readonly title: string;
  /** Where records are seen to arrive: in the topic, in the output file, or by what the contender says. */
  readonly arrivesIn: 'topic' | 'file' | 'contender';
  readonly contenders: readonly Contender[];
}

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
];
