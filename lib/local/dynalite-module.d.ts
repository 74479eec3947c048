/** dynalite ships no types: the part of it that is used here. */
declare module 'dynalite' {
  interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory without it. */
    readonly path?: string;
    /** Milliseconds a table stays in CREATING. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }
  /** Closing the server closes its store. */
  export default function dynalite(options?: DynaliteOptions): import('node:http').Server;
}
