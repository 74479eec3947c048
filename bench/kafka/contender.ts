import type { DatabaseAddress } from './orders-database.ts';
import type { Launch } from './measured-run.ts';
import type { Lanes } from './lanes/bundle-lanes.ts';
import type { Shape } from './shapes.ts';

/** What one run of a contender is given. */
export interface Turn {
  readonly bootstrapServers: string;
  /** One partition: empty where it is written to, filled where it is read from. */
  readonly topic: string;
  /** Distinct records, one a line. */
  readonly recordsFile: string;
  /** All records, one a line, for file sources. */
  readonly inputFile: string;
  /** Where the table is, for table sources. */
  readonly database?: DatabaseAddress;
  /** Does not exist yet; for file sinks. */
  readonly outputFile: string;
  /** Of this run alone: a sink's consumer group has it in its name, and would go on where the last run ended. */
  readonly connector: string;
  /** A folder of the run's own. */
  readonly folder: string;
  readonly records: number;
  readonly shape: Shape;
  readonly lanes: Lanes;
  readonly classPath: string;
}

export interface Contender {
  readonly name: string;
  readonly needsJava?: boolean;
  /** Why it cannot take part in this; absent or undefined: it can. */
  readonly unavailable?: (turn: Pick<Turn, 'shape'>) => string | undefined;
  launch(turn: Turn): Launch | Promise<Launch>;
}
