import type { CompressionType } from '../../lib/kafka/ports.ts';
import { logLine } from '../sample-log-lines.ts';
import { longOrder, order } from '../sample-orders.ts';
import { copyLine, tableOrder } from './table-orders.ts';

/** What is moved: records of one size, compressed on the wire or not. */
export interface Shape {
  readonly name: string;
  readonly compression: CompressionType & ('none' | 'lz4');
  /** Share of `--records`, so that large records do not fill the disk. */
  readonly share: number;
  /** Also moved in long runs. */
  readonly isLong?: boolean;
  /** Moved on these paths alone, where not only the size of a record counts. */
  readonly only?: readonly string[];
  /** The value of a record, as JSON or as it is in the file. */
  readonly record: (index: number) => string;
  /** A row as COPY reads it: these records lie in a table, not in files and a topic. */
  readonly row?: (index: number) => string;
}

const small = (index: number): string => JSON.stringify(order(index));
const large = (index: number): string => JSON.stringify(longOrder(index));

export const shapes: readonly Shape[] = [
  { name: '200 B', compression: 'none', share: 1, isLong: true, record: small },
  { name: '200 B, lz4', compression: 'lz4', share: 1, record: small },
  // Written as JSON it stays as it is, where an order has 22 quotes to escape.
  {
    name: '200 B log line',
    compression: 'none',
    share: 1,
    isLong: true,
    only: ['transforms'],
    record: logLine,
  },
  { name: '1 KB', compression: 'none', share: 0.25, record: large },
  { name: '1 KB, lz4', compression: 'lz4', share: 0.25, record: large },
  {
    name: '257 B row',
    compression: 'none',
    share: 1,
    isLong: true,
    record: (index) => JSON.stringify(tableOrder(index)),
    row: (index) => copyLine(tableOrder(index)),
  },
];
