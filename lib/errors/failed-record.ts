import type { SourceRecord } from '../api/record.ts';
import type { KafkaRecord } from '../kafka/ports.ts';
import type { Stage } from './stage.ts';

/** A record that could not be handled, as its reporters see it. */
export interface FailedRecord {
  readonly stage: Stage;
  /** The class that failed: a transformation's, a converter's or the task's. */
  readonly executingClass: string;
  readonly error: unknown;
  /** Sinks: what was read from Kafka, before anything changed it. */
  readonly consumed?: { readonly topic: string; readonly partition: number; readonly record: KafkaRecord };
  /** Sources: what the task emitted. */
  readonly source?: SourceRecord;
  readonly attempts: number;
}

export interface ErrorReporter {
  /** Resolves once the report is stored; an offset never passes an unreported record (Invariant 5). */
  report(failed: FailedRecord): Promise<void>;
}
