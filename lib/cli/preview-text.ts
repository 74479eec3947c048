import { stringifyExact } from '../foundation/json/stringify-exact.ts';
import type { PlainValue } from '../preview/plain-value.ts';
import type { Preview } from '../preview/preview.ts';
import type { Change, LeafValue } from '../preview/record-diff.ts';
import type { RecordPreview, StepPreview } from '../preview/record-preview.ts';
import type { Paint } from './paint.ts';

export interface PreviewTextOptions {
  readonly paint: Paint;
  /** Shows what each transformation did. */
  readonly steps: boolean;
  /** How long the preview was allowed to wait. */
  readonly seconds: number;
}

const longest = 160;

/** A preview for people: each record as a diff from what was read to what comes out. */
export function previewText(preview: Preview, options: PreviewTextOptions): string {
  const { records } = preview;
  const parts = [
    headline(preview, options.paint),
    ...records.map((record, i) => recordText(record, i + 1, preview, options)),
    closing(preview, options),
  ];
  return `${parts.join('\n\n')}\n`;
}

function headline(
  { connector, class: name, type, task, tasks, committedOffsets }: Preview,
  paint: Paint,
): string {
  const which = type === 'source' ? `, task ${task} of ${tasks}` : '';
  const start =
    committedOffsets > 0 ? `from ${committedOffsets} committed offset(s) on` : 'from the beginning';
  return `${paint('bold', connector)} (${type}, ${name})${which}, ${start}`;
}

function recordText(
  record: RecordPreview,
  number: number,
  { type }: Preview,
  { paint, steps }: PreviewTextOptions,
): string {
  const width = Math.max(...record.changes.map(({ path }) => path.length), 'in Kafka'.length);
  const kafka = record.kafka === undefined ? [] : kafkaLines(record, width, paint);
  return [
    `${paint('bold', `#${number}`)} ${paint('dim', originText(record, type))}`,
    ...record.changes.map((change) => changeLine(change, width, paint)),
    ...kafka,
    ...(steps ? record.steps.flatMap((step) => stepLines(step, width, paint)) : []),
    ...verdictLines(record, paint),
  ].join('\n');
}

const originText = ({ origin }: RecordPreview, type: Preview['type']): string =>
  type === 'source'
    ? `${stringifyExact(origin['partition'])} at ${stringifyExact(origin['offset'])}`
    : `${shown(origin['topic'])}-${shown(origin['partition'])} at ${shown(origin['offset'])}`;

const shown = (value: PlainValue | undefined): string =>
  typeof value === 'string' ? value : stringifyExact(value);

const markColours = { '=': 'dim', '~': 'yellow', '+': 'green', '-': 'red' } as const;

function changeLine({ mark, path, before, after }: Change, width: number, paint: Paint): string {
  const line = `  ${mark === '=' ? ' ' : mark} ${path.padEnd(width)}  ${values(before, after, mark === '~')}`;
  return mark === '=' ? line : paint(markColours[mark], line);
}

/** Types are told where values alone would look the same. */
function values(before: LeafValue | undefined, after: LeafValue | undefined, changed: boolean): string {
  if (!changed || before === undefined || after === undefined)
    return valueText((after ?? before)?.value ?? null);
  const [old, now] = [valueText(before.value), valueText(after.value)];
  return before.type === after.type || before.type === 'null' || after.type === 'null'
    ? `${old} → ${now}`
    : `${old} ${before.type} → ${now} ${after.type}`;
}

function valueText(value: PlainValue): string {
  if (value instanceof Uint8Array) return shortened(`bytes ${Buffer.from(value).toString('hex')}`);
  return shortened(stringifyExact(value));
}

/** Control characters could change the terminal; JSON text has none but those of Unicode's C1 block and DEL. */
const shortened = (text: string): string => {
  const safe = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�');
  return safe.length <= longest ? safe : `${safe.slice(0, longest)}… (${safe.length} characters)`;
};

function kafkaLines({ kafka, before }: RecordPreview, width: number, paint: Paint): string[] {
  if (kafka === undefined) return [];
  const headers = kafka.headers.map(({ key, value }) => [`header ${key}`, value] as const);
  const lines = [['key', kafka.key] as const, ['value', kafka.value] as const, ...headers];
  // Of a sink's record that no converter could read this is all there is.
  const painted = (line: string): string => (before === undefined ? line : paint('dim', line));
  return lines.map(([what, text], i) =>
    painted(
      `    ${(i === 0 ? 'in Kafka' : '').padEnd(width)}  ${what} ${text === null ? 'null' : shortened(text)}`,
    ),
  );
}

function stepLines(step: StepPreview, width: number, paint: Paint): string[] {
  const result = {
    applied: step.changes.length === 0 ? ': changed nothing' : '',
    'not applied': ': not applied, says its predicate',
    dropped: ': dropped the record',
  }[step.outcome];
  return [
    `    ${paint('bold', step.alias)} (${step.class})${result}`,
    ...step.changes.map((change) => `  ${changeLine(change, width, paint)}`),
  ];
}

function verdictLines({ droppedBy, failure }: RecordPreview, paint: Paint): string[] {
  if (droppedBy !== undefined)
    return [paint('yellow', `  dropped by ${droppedBy.alias} (${droppedBy.class})`)];
  if (failure === undefined) return [];
  const what = failure.tolerated ? 'skipped by errors.tolerance=all: it failed' : 'FAILS the task: it failed';
  return [
    paint('red', `  ${what} in ${failure.stage} (${failure.class})`),
    ...failure.trace.split('\n').map((line) => `  ${shortened(line)}`),
  ];
}

function closing({ records, end, type, tasks }: Preview, { seconds, paint }: PreviewTextOptions): string {
  const count = (outcome: RecordPreview['outcome']): number =>
    records.filter((record) => record.outcome === outcome).length;
  const counts = [
    `${count('passed')} passed`,
    ...(count('dropped') > 0 ? [`${count('dropped')} dropped`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
  ].join(', ');
  const nothing = paint('dim', 'Nothing was written: no record, no topic, no offset.');
  const ends = {
    ENOUGH: '',
    CAUGHT_UP: type === 'source' ? 'There are no more now. ' : 'These are all up to the end of the topics. ',
    TIME_LIMIT: `No more came within ${seconds} s. `,
    STOPPED: 'Stopped. ',
  };
  if (records.length > 0) return `${records.length} record(s): ${counts}. ${ends[end]}${nothing}`;
  return `${empty(end, type, tasks, seconds)} ${nothing}`;
}

function empty(end: Preview['end'], type: Preview['type'], tasks: number, seconds: number): string {
  if (tasks === 0)
    return type === 'sink'
      ? 'The topics do not exist yet, or have no partitions.'
      : 'The connector has no work: it is split into no tasks.';
  if (end === 'TIME_LIMIT') return `No record came within ${seconds} s; --timeout waits longer.`;
  if (end === 'STOPPED') return 'Stopped before a record came.';
  return type === 'source'
    ? 'There is nothing to read: the source has no records from there on.'
    : 'There is nothing to read: the topics hold no records from there on.';
}
