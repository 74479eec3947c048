import type { SourceTaskContext } from '../../../api/context.ts';

/** A poll must return within seconds, so that pause and handover work: no single wait is longer than this. */
const longestWaitMs = 1000;

/**
 * What a source does when it has nothing to give: while draining return at once (an empty poll means caught up),
 * otherwise wait a little, so that the poll loop does not spin.
 */
export async function waitForData(context: SourceTaskContext, ms: number = longestWaitMs): Promise<void> {
  if (!context.draining) await waitBriefly(context, ms);
}

/** Waits `ms`, but about a second at most, also while draining. Being stopped ends the wait quietly. */
export async function waitBriefly(context: SourceTaskContext, ms: number): Promise<void> {
  if (ms <= 0 || context.signal.aborted) return;
  try {
    await context.clock.sleep(Math.min(ms, longestWaitMs), context.signal);
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
}
