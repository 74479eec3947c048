/** What a log line may carry besides its message: never record contents, never secrets (Invariant 8). */
export type LogFields = Readonly<Record<string, unknown>>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured log. `with` returns a logger whose lines all carry the given fields (connector, task, epoch, stage). */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  with(fields: LogFields): Logger;
}

export interface LogLine extends LogFields {
  readonly level: LogLevel;
  readonly message: string;
}

const order: Record<LogLevel, number> = { debug: 10, info: 20, warn: 30, error: 40 };

/** A logger that hands finished lines to `write`; lines below `level` are dropped before their fields are built. */
export function createLogger(
  write: (line: LogLine) => void,
  level: LogLevel = 'info',
  base: LogFields = {},
): Logger {
  const at = (lineLevel: LogLevel) => (message: string, fields?: LogFields) => {
    if (order[lineLevel] >= order[level]) write({ level: lineLevel, message, ...base, ...fields });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLogger(write, level, { ...base, ...fields }),
  };
}

/** For tests and for callers who want silence. */
export const silentLogger: Logger = createLogger(() => undefined, 'error');
