import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRecords } from '../records-file.ts';
import { producers } from './client-contenders.ts';
import type { Contest } from './contest.ts';
import { javaClassPath } from './java.ts';
import type { Lanes } from './lanes/bundle-lanes.ts';
import { measuredRun } from './measured-run.ts';
import type { OrdersDatabase } from './orders-database.ts';
import type { Shape } from './shapes.ts';
import type { Topics } from './topics.ts';

/** Where contests take place. */
export interface Site {
  readonly folder: string;
  readonly topics: Topics;
  readonly bootstrapServers: string;
  readonly lanes: Lanes;
  /** Absent: no shape with a table is to be measured. */
  readonly database: OrdersDatabase | undefined;
}

/** Records of one shape where contenders find them. */
export interface HeldRecords extends AsyncDisposable {
  readonly bytesPerRecord: number;
  readonly inputBytes: number;
  readonly given: Contest['given'];
}

const distinctRecords = 10_000;

export async function holdRecords(shape: Shape, records: number, site: Site): Promise<HeldRecords> {
  const { folder, topics, bootstrapServers, lanes, database } = site;
  const [recordsFile, inputFile] = [join(folder, 'records'), join(folder, 'input')];
  const classPath = await javaClassPath();
  const common = { bootstrapServers, recordsFile, inputFile, folder, records, shape, classPath, lanes };
  const bytesPerRecord = await writeRecords(recordsFile, distinctRecords, shape.record);
  if (shape.row !== undefined) {
    if (database === undefined) throw new Error(`${shape.name} needs a database`);
    await writeRecords(inputFile, records, shape.row);
    await database.load(inputFile);
    await rm(inputFile);
    const given = { ...common, topic: '', database: database.address };
    return { bytesPerRecord, inputBytes: 0, given, [Symbol.asyncDispose]: async () => undefined };
  }
  await writeRecords(inputFile, records, (index) => shape.record(index % distinctRecords));
  const given = { ...common, topic: await topics.create() };
  await fill(given, topics);
  const { size: inputBytes } = await stat(inputFile);
  return { bytesPerRecord, inputBytes, given, [Symbol.asyncDispose]: () => topics.delete(given.topic) };
}

/** The topic consumers and sinks read, written by our own producer: with any other its batches would be others. */
async function fill(given: Contest['given'], topics: Topics): Promise<void> {
  const [ours] = producers;
  if (ours === undefined) throw new Error('no producer is listed');
  await measuredRun(await ours.launch({ ...given, outputFile: '', connector: '' }), {
    records: given.records,
    moved: () => topics.records(given.topic),
  });
}
