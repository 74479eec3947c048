import type { OffsetMap, ConnectRecord } from '../api/record.ts';
import type { KafkaHeader } from '../kafka/ports.ts';
import type { Failure, Journey } from './journey.ts';
import { type PlainRecord, plainRecord } from './plain-record.ts';
import type { PlainValue } from './plain-value.ts';
import { type Change, diffRecords } from './record-diff.ts';
import { recordLeaves } from './record-leaves.ts';
import type { Secrets } from './secrets.ts';
import type { StepTrace } from './traced-chain.ts';

/** What one transformation did to a record. */
export interface StepPreview {
  readonly alias: string;
  readonly class: string;
  readonly outcome: 'applied' | 'not applied' | 'dropped';
  /** Only what is not as it was. */
  readonly changes: readonly Change[];
}

/** Key, value and headers as they stand in Kafka: text where the bytes are UTF-8, else base64. */
export interface KafkaPreview {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly { readonly key: string; readonly value: string | null }[];
}

/** One record of a preview: plain data, without secrets. */
export interface RecordPreview {
  /** Of a source its partition and offset there, of a sink topic, partition and offset in Kafka. */
  readonly origin: Readonly<Record<string, PlainValue>>;
  readonly outcome: 'passed' | 'dropped' | 'failed';
  /** Before the transformations; absent when a converter could not read the record. */
  readonly before?: PlainRecord;
  /** After them; absent unless the record passed. */
  readonly after?: PlainRecord;
  /** From `before` to `after`; of a record that did not pass, what it was. */
  readonly changes: readonly Change[];
  readonly steps: readonly StepPreview[];
  readonly droppedBy?: { readonly alias: string; readonly class: string };
  readonly failure?: Failure;
  /** Of a source what would be sent, of a sink what was read. */
  readonly kafka?: KafkaPreview;
}

export interface RecordFacts<R extends ConnectRecord> {
  readonly origin: OffsetMap | RecordPreview['origin'];
  readonly journey: Journey<R, unknown>;
  /** Before the transformations. */
  readonly before?: R;
  readonly kafka?: { key: Uint8Array | null; value: Uint8Array | null; headers?: readonly KafkaHeader[] };
}

export function recordPreview<R extends ConnectRecord>(
  facts: RecordFacts<R>,
  secrets: Secrets,
): RecordPreview {
  const { journey, before, kafka, origin } = facts;
  const { end } = journey;
  const after = end.outcome === 'passed' ? end.record : undefined;
  const from = before && recordLeaves(before);
  const changes = from && diffRecords(from, after === undefined ? from : recordLeaves(after));
  const shown = (record: ConnectRecord): PlainRecord => secrets.hideInData(plainRecord(record));
  return {
    origin: secrets.hideInData(origin as RecordPreview['origin']),
    outcome: end.outcome,
    ...(before && { before: shown(before) }),
    ...(after && { after: shown(after) }),
    changes: (changes ?? []).map((change) => withoutSecrets(change, secrets)),
    steps: journey.steps.map((step) => stepPreview(step, secrets)),
    ...(end.outcome === 'dropped' && { droppedBy: { alias: end.by.alias, class: end.by.class } }),
    ...(end.outcome === 'failed' && { failure: failureWithoutSecrets(end.failure, secrets) }),
    ...(kafka && { kafka: kafkaPreview(kafka, secrets) }),
  };
}

function stepPreview(step: StepTrace, secrets: Secrets): StepPreview {
  const { alias, applied, before, after } = step;
  const changes = after === null ? [] : diffRecords(recordLeaves(before), recordLeaves(after));
  return {
    alias,
    class: step.class,
    outcome: after === null ? 'dropped' : applied ? 'applied' : 'not applied',
    changes: changes.filter(({ mark }) => mark !== '=').map((change) => withoutSecrets(change, secrets)),
  };
}

function withoutSecrets(change: Change, secrets: Secrets): Change {
  const { before, after } = change;
  return {
    ...change,
    ...(before && { before: { ...before, value: secrets.hideInData(before.value) } }),
    ...(after && { after: { ...after, value: secrets.hideInData(after.value) } }),
  };
}

function failureWithoutSecrets(failure: Failure, secrets: Secrets): Failure {
  const { message, hint, trace } = failure;
  return {
    ...failure,
    message: secrets.hideInText(message),
    trace: secrets.hideInText(trace),
    ...(hint !== undefined && { hint: secrets.hideInText(hint) }),
  };
}

function kafkaPreview(
  { key, value, headers = [] }: NonNullable<RecordFacts<never>['kafka']>,
  secrets: Secrets,
) {
  const shown = (bytes: Uint8Array | null): string | null => secrets.hideInData(textOf(bytes));
  return {
    key: shown(key),
    value: shown(value),
    headers: headers.map((header) => ({ key: header.key, value: shown(header.value) })),
  };
}

const strict = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  try {
    return strict.decode(bytes);
  } catch {
    // Not text: a binary format.
    return `base64:${Buffer.from(bytes).toString('base64')}`;
  }
}
