import type { ConnectorConfig } from '../api/config.ts';
import type { ConfigKeys } from '../api/config-def.ts';
import type { LogFields, Logger, LogLevel } from '../foundation/logger.ts';
import { hasPlaceholder } from './placeholders.ts';

const hidden = '[hidden]';
/** Shorter values would hide ordinary words: they protect nothing anyway. */
const shortest = 3;

/**
 * The secrets of one connector, learnt when its config is resolved, and taken out of every text that leaves the run:
 * logs, status traces, headers of dead letters (Invariant 8).
 */
export class KnownSecrets {
  #values: readonly string[] = [];

  /** Values of PASSWORD keys, and whatever a placeholder stood for. */
  learn(config: ConnectorConfig, resolved: ConnectorConfig, keys: ConfigKeys): void {
    const found = Object.entries(resolved).flatMap(([name, value]) => {
      const substituted = hasPlaceholder(config[name] ?? '') && config[name] !== value;
      return substituted || keys[name]?.type === 'PASSWORD' ? [value] : [];
    });
    this.#values = [...new Set([...this.#values, ...found])]
      .filter((value) => value.length >= shortest)
      .sort((a, b) => b.length - a.length);
  }

  /** The text with every secret replaced. */
  readonly hide = (text: string): string =>
    this.#values.reduce((result, secret) => result.replaceAll(secret, hidden), text);

  /** A logger whose lines hold none. */
  logger(log: Logger): Logger {
    const masked =
      (level: LogLevel) =>
      (message: string, fields?: LogFields): void =>
        log[level](this.hide(message), fields && (this.#hideIn(fields) as LogFields));
    return {
      debug: masked('debug'),
      info: masked('info'),
      warn: masked('warn'),
      error: masked('error'),
      with: (fields) => this.logger(log.with(this.#hideIn(fields) as LogFields)),
    };
  }

  #hideIn(value: unknown): unknown {
    if (typeof value === 'string') return this.hide(value);
    if (Array.isArray(value)) return value.map((item) => this.#hideIn(item));
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#hideIn(item)]));
  }
}
