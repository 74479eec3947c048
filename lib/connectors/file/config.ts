import { ConfigDef } from '../../api/config-def.ts';
import { nonEmptyString } from '../../api/config-def/validators.ts';

export const fileSourceConfig = new ConfigDef({
  file: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'Path of the file to read. It may not exist yet: the task waits for it. A function has no standard input, so unlike in Kafka it must be given.',
  },
  topic: {
    type: 'STRING',
    importance: 'HIGH',
    validator: nonEmptyString,
    doc: 'Topic the lines are written to.',
  },
  'batch.size': {
    type: 'INT',
    default: 2000,
    importance: 'LOW',
    doc: 'Most lines one poll returns.',
  },
});

export const fileSinkConfig = new ConfigDef({
  file: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'Path of the file to append to; made when it does not exist. Standard output is not supported: record contents do not belong in logs, so unlike in Kafka it must be given.',
  },
});
