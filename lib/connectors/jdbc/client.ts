import type { PluginContext } from '../../api/context.ts';
import { RetriableError } from '../../api/errors.ts';
import type { SqlConnection } from '../core/sql/connection.ts';
import { dialectFor } from '../core/sql/dialects.ts';
import type { JdbcSourceConfig } from './config.ts';

/** Connects once. The vendor client is loaded by the dialect, and only then. */
export function connect(config: JdbcSourceConfig, context: PluginContext): Promise<SqlConnection> {
  const url = config['connection.url'];
  const isolation = config['transaction.isolation.mode'];
  return dialectFor(url, config['dialect.name']).connect({
    url,
    user: config['connection.user'],
    password: config['connection.password']?.value ?? null,
    isolation: isolation === 'DEFAULT' ? null : isolation.toLowerCase().replace('_', ' '),
    remainingMs: context.deadline.remaining(),
    signal: context.signal,
  });
}

/** For a plan or a validation, which has nothing to go on with while the database cannot be reached. */
export async function connectPatiently(
  config: JdbcSourceConfig,
  context: PluginContext,
): Promise<SqlConnection> {
  const backoffMs = config['connection.backoff.ms'];
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(config, context);
    } catch (error) {
      const mayRetry =
        error instanceof RetriableError &&
        attempt < config['connection.attempts'] &&
        context.deadline.remaining() > backoffMs;
      if (!mayRetry) throw error;
      context.log.warn('the database cannot be reached; trying again', {
        attempt,
        backoffMs,
        error: error.message,
      });
      await context.clock.sleep(backoffMs, context.signal);
    }
  }
}
