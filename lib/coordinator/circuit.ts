import { budgetLimits } from './budget.ts';
import type { Pass } from './pass.ts';

/** How a trace that tells of an open circuit begins. */
export const budgetReason = 'BUDGET';

/**
 * The circuit breaker of a connector's budget. Used up: runs are asked to end in order, so that nothing is lost, and
 * none is granted until the hour or day is over, or somebody restarts or resumes the connector or changes its config.
 * True: nothing is to be granted now.
 */
export async function isHeldByBudget(pass: Pass, everyMs: number): Promise<boolean> {
  const { spending, connector } = pass;
  if (spending.isOpen) {
    await pass.quiesce();
    return true;
  }
  if (spending.use.until > 0) spending.close();
  const limits = budgetLimits(connector.config, pass.currentTasks.length, everyMs);
  const exceeded = spending.exceeded(limits);
  if (exceeded === undefined) return false;
  spending.open(exceeded.until);
  const trace = `${budgetReason}: ${exceeded.why}. No run is granted before ${new Date(exceeded.until).toISOString()}; a restart, a resume or a change of the config lets it go on at once. Look at why it runs so often, or raise the limit.`;
  pass.log.error('budget used up, the circuit is open', { why: exceeded.why });
  pass.change = { ...pass.change, state: 'PAUSED', trace };
  await pass.quiesce();
  return true;
}
