import { createLogger, type Logger, type LogLevel } from '../foundation/logger.ts';
import type { Terminal } from './terminal.ts';

/** Log lines for people: level, where, message, and the fields that are left. */
export function createTerminalLog(terminal: Terminal, level: LogLevel): Logger {
  return createLogger(({ level: lineLevel, message, connector, task, epoch, ...fields }) => {
    const where =
      connector === undefined
        ? ''
        : ` [${String(connector)}${task === undefined ? '' : `-${String(task)}`}${epoch === undefined ? '' : ` run ${String(epoch)}`}]`;
    const rest = Object.entries(fields)
      .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join('');
    terminal.error.write(`${lineLevel.toUpperCase().padEnd(5)}${where} ${message}${rest}\n`);
  }, level);
}
