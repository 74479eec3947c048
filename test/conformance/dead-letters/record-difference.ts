import type { KafkaHeader, KafkaRecord } from '../../../lib/kafka/ports.ts';
import type { RecordedRecord } from './dead-letter-recording.ts';

const trace = '__connect.errors.exception.stacktrace';
const exceptionClass = '__connect.errors.exception.class.name';
const message = '__connect.errors.exception.message';

/** Null when the dead letters are the recorded ones, byte for byte; of a stack trace its first line. */
export function deadLetterDifference(
  wanted: readonly RecordedRecord[],
  got: readonly KafkaRecord[],
): string | null {
  const [a, b] = [wanted.map(recordedLines), got.map(ourLines)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = firstDifference(a[i] ?? ['no record'], b[i] ?? ['no record']);
    if (difference !== null) return `dead letter ${i}: ${difference}`;
  }
  return null;
}

function firstDifference(wanted: readonly string[], got: readonly string[]): string | null {
  for (let i = 0; i < Math.max(wanted.length, got.length); i++) {
    if (wanted[i] !== got[i])
      return `should have ${wanted[i] ?? 'no more'}\n  but has ${got[i] ?? 'no more'}`;
  }
  return null;
}

function recordedLines({
  offset,
  timestamp,
  timestampType,
  key,
  value,
  headers = [],
}: RecordedRecord): string[] {
  const decoded = headers.map((h) => ({
    key: h.key,
    // A stack trace, whose frames the recorder left out, is there as text alone.
    value:
      h.value &&
      Buffer.from(h.value.bytes ?? h.value.text ?? '', h.value.bytes === undefined ? 'utf8' : 'base64'),
  }));
  return [
    `offset ${offset}, ${timestampType} ${timestamp}`,
    `key ${key?.bytes ?? null}`,
    `value ${value?.bytes ?? null}`,
    ...headerLines(decoded),
  ];
}

const ourLines = ({ offset, timestamp, timestampType, key, value, headers }: KafkaRecord): string[] => [
  `offset ${offset}, ${timestampType} ${timestamp}`,
  `key ${base64(key)}`,
  `value ${base64(value)}`,
  ...headerLines(headers),
];

/** Words of Java's own exceptions cannot be the same: there it counts that the header is present. */
function headerLines(headers: readonly KafkaHeader[]): string[] {
  const thrown = headers.find(({ key }) => key === exceptionClass);
  const isConnects = utf8(thrown?.value ?? null).startsWith('org.apache.kafka.');
  return headers.map(({ key, value }) => {
    if (key === trace) return `${key} ${utf8(value).split('\n')[0]}`;
    if (key === message && !isConnects) return `${key} present`;
    return `${key} ${base64(value)}`;
  });
}

const base64 = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('base64');
const utf8 = (bytes: Uint8Array | null): string =>
  bytes === null ? 'null' : Buffer.from(bytes).toString('utf8');
