import type { Deadline } from '../foundation/deadline.ts';

/** What the platform says about this invocation. */
export interface InvocationContext {
  readonly requestId: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** When the platform kills the process. */
  readonly deadline: Deadline;
  /** Aborted when the platform wants the work to end now (never on Lambda; Ctrl-C locally). */
  readonly signal: AbortSignal;
}
