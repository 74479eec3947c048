import { createLogger, type Logger } from '../lib/foundation/logger.ts';

/** One JSON line each, straight to standard output: `console` would wrap it once more. */
export const lambdaLogger = (): Logger =>
  createLogger(({ level, ...line }) => {
    process.stdout.write(
      `${JSON.stringify({ timestamp: new Date().toISOString(), level: level.toUpperCase(), ...line }, plain)}\n`,
    );
  });

const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
