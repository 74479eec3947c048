import { ConnectError, toConnectError } from '../api/errors.ts';

/**
 * An error as users read it in a status trace or a run's outcome: `class: message`, what to do, and its causes.
 * Messages are ours or a vendor's; record contents and secrets are never put into them (Invariant 8).
 */
export function describeError(thrown: unknown): string {
  const error = toConnectError(thrown);
  const lines = [`${error.javaClass}: ${error.message}`];
  if (error.hint !== undefined) lines.push(`What to do: ${error.hint}`);
  let cause: unknown = error.cause;
  for (let depth = 0; cause !== undefined && depth < 5; depth++) {
    const text = cause instanceof ConnectError ? cause.message : String(cause);
    if (text !== error.message) lines.push(`Caused by: ${text}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines.join('\n');
}
