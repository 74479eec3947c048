import type { SinkPlugin } from '../../../lib/api/connector.ts';
import type { KafkaClient } from '../../../lib/kafka/ports.ts';
import type { ClusterState } from '../../../lib/storage/items/cluster-state.ts';
import type { Table } from '../../../lib/storage/table.ts';

/** The code with a known fault, made by wrapping what it is given: the code under test itself has no such switch. */
export interface KnownBad {
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly fault: string;
  /** Longer histories than usual are needed to find it. */
  readonly steps?: number;
  readonly table?: (table: Table) => Table;
  /** `table` is the table below, without `table`'s wrapping. */
  readonly state?: (state: ClusterState, table: Table) => ClusterState;
  readonly kafka?: (kafka: KafkaClient) => KafkaClient;
  readonly sink?: (sink: SinkPlugin) => SinkPlugin;
}

export const honest: KnownBad = { name: 'honest', fault: 'none' };
