import type { RecordedOffsets, RecordedStatus } from '../cluster-state.ts';
import { readJson } from '../read-json.ts';
import type { TracedCall } from './segments.ts';

/** One run of a test connector on a real worker: what was done to it, and every call it got. */
export interface Scenario {
  readonly id: string;
  readonly kind: 'source' | 'sink';
  readonly config: Readonly<Record<string, string>>;
  readonly topicRecords?: readonly string[];
  readonly calls: readonly TracedCall[];
  /** When the snapshot was taken; null: the connector was deleted before. */
  readonly finalStatus: RecordedStatus | null;
  /** 404: the connector was deleted. */
  readonly finalOffsets: RecordedOffsets | 404;
}

export function readScenarios(path: string): Scenario[] {
  return (readJson(path) as { readonly scenarios: Scenario[] }).scenarios;
}
