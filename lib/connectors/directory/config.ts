import { ConfigDef } from '../../api/config-def.ts';
import { atLeast, between, nonEmptyString, oneOf } from '../../api/config-def/validators.ts';

export const behaviorsOnNull = ['ignore', 'fail', 'write'] as const;

export const directorySinkConfig = new ConfigDef({
  directory: {
    type: 'STRING',
    importance: 'HIGH',
    validator: nonEmptyString,
    group: 'Files',
    doc: 'Folder the files go to; made when it does not exist. Each topic gets a folder in it. In Lambda it must be on a mounted file system: the local disk of a function is not kept.',
  },
  'file.max.records': {
    type: 'INT',
    default: 0,
    importance: 'MEDIUM',
    validator: atLeast(0),
    group: 'Files',
    doc: 'Most records in one file; 0 sets no limit. A file is finished earlier when offsets are committed, and when a run ends.',
  },
  'file.max.bytes': {
    type: 'LONG',
    default: 67_108_864,
    importance: 'MEDIUM',
    validator: atLeast(1),
    group: 'Files',
    doc: 'A file is finished when it has grown to this many bytes. The limit is soft: lines are never cut.',
  },
  'filename.offset.zero.pad.width': {
    type: 'INT',
    default: 10,
    importance: 'LOW',
    validator: between(0, 20),
    group: 'Files',
    doc: 'Digits the offsets in file names are padded to, so that names sort as offsets do.',
  },
  'behavior.on.null.values': {
    type: 'STRING',
    default: 'ignore',
    importance: 'LOW',
    validator: oneOf(...behaviorsOnNull),
    group: 'Records',
    doc: 'What to do with a record whose value is null (a tombstone): ignore leaves it out, fail treats it as a bad record (errors.tolerance and the dead-letter topic apply), write writes the line null.',
  },
});
