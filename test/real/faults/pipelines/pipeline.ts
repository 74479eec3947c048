import type { ConnectorConfig } from '../../../../lib/api/config.ts';
import type { SourceOffset } from '../../../../lib/api/record.ts';
import type { ClusterState } from '../../../../lib/storage/items/cluster-state.ts';
import type { KafkaClient } from '../../../../lib/kafka/ports.ts';
import type { Comparison } from '../comparison.ts';

/** What came out of one source partition. */
export interface PartitionFinding extends Comparison {
  readonly partition: string;
  /** Against the promise, beyond what is lost, strange or out of order, in words; empty: nothing. */
  readonly wrong: string;
}

/** One connector under load, of which is known what has to come out. */
export interface Pipeline {
  readonly workerConfig: ConnectorConfig;
  /** Validates; two variants are different configs that mean the same. */
  config(variant: number): ConnectorConfig;
  /** Some more records of each source partition. */
  grow(): Promise<void>;
  /** Reads all that has come out and compares it. */
  check(starts: RunStarts): Promise<PartitionFinding[]>;
  close(): Promise<void>;
}

/** What is known of the run that began with each epoch: a stored offset from before it claimed anything. */
export type RunStarts = ReadonlyMap<number, readonly SourceOffset[]>;

export interface PipelineSite {
  readonly folder: string;
  readonly kafka: KafkaClient;
  readonly state: ClusterState;
}

export const pipelineNames = ['at-least-once', 'exactly-once', 'sink'] as const;
export type PipelineName = (typeof pipelineNames)[number];
