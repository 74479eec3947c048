import { readFileSync } from 'node:fs';
import { linesOf } from '../../lines-of.ts';

/** What every lane in Node is started with, as one argument of JSON. */
export interface LaneArguments {
  readonly bootstrapServers: string;
  readonly topic: string;
  /** Distinct records, one a line. */
  readonly recordsFile: string;
  readonly records: number;
  readonly compression: 'none' | 'lz4';
}

export const laneArguments = (): LaneArguments => JSON.parse(process.argv[2] ?? '{}') as LaneArguments;

/** The records to send, over and over from the first on, in batches. */
export function* batchesOf({ recordsFile, records }: LaneArguments, size: number): Generator<Buffer[]> {
  const lines = linesOf(readFileSync(recordsFile));
  for (let done = 0; done < records; ) {
    const from = done % lines.length;
    const batch = lines.slice(from, from + Math.min(size, records - done));
    yield batch;
    done += batch.length;
  }
}

/** Tells the bench how far a lane is, at its first records and at its end. */
export function tellMoved(records: number): void {
  process.stdout.write(`moved ${records}\n`);
}
