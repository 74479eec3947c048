import type { ProgressOutput } from './progress.ts';

/** The world of a command: injected, so that commands are tested without a process. */
export interface Terminal {
  readonly out: ProgressOutput;
  readonly error: ProgressOutput;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C. */
  readonly stopSignal: AbortSignal;
}

/** This process as a terminal. The second Ctrl-C ends at once, which loses nothing (Invariant 6). */
export function processTerminal(): Terminal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    process.stderr.write('\nStopping in order. Press Ctrl-C again to end at once.\n');
    stop.abort(new Error('stopped by the user'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { out: process.stdout, error: process.stderr, environment: process.env, stopSignal: stop.signal };
}
