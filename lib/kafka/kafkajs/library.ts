import type Connection from 'kafkajs/src/network/connection.js';
import type * as Loggers from 'kafkajs/src/loggers/index.js';
import type { Logger } from '../../foundation/logger.ts';

/**
 * The one door to kafkajs (2.2.4, pinned; frozen upstream). Of it we use the connection: TLS, SASL with
 * re-authentication, request queue, timeouts, throttling. It is CommonJS and takes 60 ms to load, so it is loaded
 * with the first call.
 */
export interface Library {
  readonly Connection: typeof Connection;
  /** A kafkajs logger that writes to ours. */
  logger(log: Logger): unknown;
}

export async function loadLibrary(): Promise<Library> {
  const [connection, loggers] = await Promise.all([
    import('kafkajs/src/network/connection.js'),
    import('kafkajs/src/loggers/index.js'),
  ]);
  return { Connection: connection.default, logger: (log) => libraryLogger(loggers, log) };
}

/** Everything becomes debug: what kafkajs logs as an error it also throws, and that is ours to report. */
function libraryLogger({ createLogger, LEVELS }: typeof Loggers, log: Logger): unknown {
  return createLogger({
    level: LEVELS.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message } }) =>
        log.debug(`Kafka connection: ${message}`, { library: namespace }),
  });
}
