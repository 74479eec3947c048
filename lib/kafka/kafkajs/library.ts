import type Connection from 'kafkajs/src/network/connection.js';
import type { Provider } from 'kafkajs/src/broker/saslAuthenticator/plain.js';
import type * as Loggers from 'kafkajs/src/loggers/index.js';
import type { Logger } from '../../foundation/logger.ts';

/**
 * The one door to kafkajs (2.2.4, pinned; frozen upstream). Of it we use the connection: TLS, SASL with
 * re-authentication, request queue, timeouts, throttling. It is CommonJS and takes 60 ms to load, so it is loaded
 * with the first call.
 */
export interface Library {
  readonly Connection: typeof Connection;
  /** The exchanges of the mechanisms with a password. */
  readonly passwordExchanges: Readonly<Record<'plain' | 'scram-sha-256' | 'scram-sha-512', Provider>>;
  /** A kafkajs logger that writes to ours. */
  logger(log: Logger): unknown;
}

export async function loadLibrary(): Promise<Library> {
  const [connection, loggers, plain, scram256, scram512] = await Promise.all([
    import('kafkajs/src/network/connection.js'),
    import('kafkajs/src/loggers/index.js'),
    import('kafkajs/src/broker/saslAuthenticator/plain.js'),
    import('kafkajs/src/broker/saslAuthenticator/scram256.js'),
    import('kafkajs/src/broker/saslAuthenticator/scram512.js'),
  ]);
  return {
    Connection: connection.default,
    passwordExchanges: {
      plain: plain.default,
      'scram-sha-256': scram256.default,
      'scram-sha-512': scram512.default,
    },
    logger: (log) => libraryLogger(loggers, log),
  };
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
