import { readJson } from '../read-json.ts';
import type { RecordedOffsets, RecordedStatus } from '../cluster-state.ts';

interface RecordedBytes {
  readonly text?: string;
  /** Base64 */
  readonly bytes?: string;
}

export interface RecordedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  readonly key: RecordedBytes | null;
  readonly value: RecordedBytes | null;
  readonly headers?: readonly { readonly key: string; readonly value: RecordedBytes | null }[];
}

/** One sink connector, what it was given and what became of the records it could not handle. */
export interface DeadLetterScenario {
  readonly connector: string;
  readonly config: Readonly<Record<string, string>>;
  readonly status: RecordedStatus;
  readonly offsetsAfter: RecordedOffsets;
  readonly dlqRecords: readonly RecordedRecord[];
  readonly logEntries: readonly string[];
}

export interface DeadLetterRecording {
  readonly scenarios: readonly DeadLetterScenario[];
  readonly inputTopics: Readonly<Record<string, readonly RecordedRecord[]>>;
  /** All that the FileStream sinks wrote, scenario after scenario; the recording may leave some scenarios out. */
  readonly fileSinkOutput: string;
}

export const readDeadLetters = (path: string): DeadLetterRecording => readJson(path) as DeadLetterRecording;
