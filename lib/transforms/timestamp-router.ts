import { ConfigDef } from '../api/config-def.ts';
import { ConfigError, DataError } from '../api/errors.ts';
import { systemClock } from '../foundation/clock.ts';
import { SimpleDateFormat } from '../foundation/java/simple-date-format.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { describeRecord } from './core/describe-record.ts';
import { recordPlugin } from './core/side-plugin.ts';

const configDef = new ConfigDef({
  'topic.format': {
    type: 'STRING',
    default: '${topic}-${timestamp}',
    importance: 'HIGH',
    doc: 'The new topic; `${topic}` and `${timestamp}` stand for the topic and the formatted timestamp.',
  },
  'timestamp.format': {
    type: 'STRING',
    default: 'yyyyMMdd',
    importance: 'HIGH',
    doc: 'A SimpleDateFormat pattern for the timestamp, in UTC.',
  },
});

/** Makes the topic of the topic and the timestamp of a record, for indexes by day and the like. */
export const timestampRouter: TransformationPlugin = recordPlugin('TimestampRouter', configDef, (config) => {
  let format: SimpleDateFormat | undefined;
  return (record) => {
    const { timestamp } = record;
    if (typeof timestamp !== 'number')
      throw new DataError(`Timestamp missing on record: ${describeRecord(record)}`);
    // Like Connect, a bad pattern is noticed with the first record that has a timestamp.
    format ??= dateFormat(config['timestamp.format']);
    const formatted = format.format(timestamp);
    const topic = config['topic.format'].replaceAll('${topic}', () => record.topic);
    return { ...record, topic: topic.replaceAll('${timestamp}', () => formatted) };
  };
});

function dateFormat(pattern: string): SimpleDateFormat {
  try {
    return new SimpleDateFormat(pattern, systemClock.now());
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
