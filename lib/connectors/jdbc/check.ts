import { ConfigError } from '../../api/errors.ts';
import type { KeyRequest } from '../core/sql/key-choice.ts';
import type { JdbcSourceConfig, Mode } from './config.ts';

/** What the keys cannot say about each other by themselves. Throws a ConfigError. */
export function checkTogether(config: JdbcSourceConfig): void {
  const isQuery = config.query !== '';
  const lists = ['table.whitelist', 'table.blacklist', 'table.include.list', 'table.exclude.list'] as const;
  const used = lists.filter((key) => config[key].length > 0);
  if (isQuery && used.length > 0) {
    throw new ConfigError(`query and ${used.join(', ')} exclude each other`, {
      hint: 'Read either the query or tables; use two connectors for both.',
    });
  }
  if (config['table.whitelist'].length > 0 && used.length > 1) {
    throw new ConfigError(`table.whitelist and ${used.slice(1).join(', ')} exclude each other`, {
      hint: 'List the tables to read, or those not to read.',
    });
  }
  const mode = config.mode as Mode;
  if (mode.includes('timestamp') && config['timestamp.column.name'].length === 0) {
    throw new ConfigError(`mode=${mode} needs timestamp.column.name`, {
      hint: 'Name the column that is set whenever a row changes.',
    });
  }
  if (isQuery && mode.includes('incrementing') && config['incrementing.column.name'] === '') {
    throw new ConfigError(`mode=${mode} with a query needs incrementing.column.name`, {
      hint: 'Only tables say which column the database counts up.',
    });
  }
}

/** Null: bulk mode reads without keys. */
export function keyRequest(config: JdbcSourceConfig): KeyRequest | null {
  const mode = config.mode as Mode;
  if (mode === 'bulk') return null;
  return {
    mode,
    incrementing: config['incrementing.column.name'],
    timestamps: config['timestamp.column.name'],
    // As in the Java connector, a query is trusted: whether its columns may be null cannot be known.
    validateNonNull: config['validate.non.null'] && config.query === '',
  };
}
