import { ConfigError } from '../../../api/errors.ts';
import { compileJavaRegex } from '../../../foundation/java/regex.ts';
import { namesOf, qualifiedName, type TableId } from './table-id.ts';

export interface TableChoice {
  /** Exact names, with or without schema: `table.whitelist` and `table.blacklist`. */
  readonly whitelist: readonly string[];
  readonly blacklist: readonly string[];
  /** Java regular expressions over full names: `table.include.list` and `table.exclude.list`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The tables a connector reads, in a stable order. Throws a ConfigError when that is not what the user can have meant. */
export function chooseTables(tables: readonly TableId[], choice: TableChoice): TableId[] {
  const chosen = tables
    .filter(predicate(choice))
    .sort((a, b) => (qualifiedName(a) < qualifiedName(b) ? -1 : 1));
  requireNamed(tables, choice.whitelist);
  if (chosen.length === 0) {
    throw new ConfigError('No table matches', {
      hint: `Check table.whitelist, table.include.list, schema.pattern and table.types, and that the user may see the tables. ${seen(tables)}`,
    });
  }
  requireUniqueTopics(chosen);
  return chosen;
}

function predicate({ whitelist, blacklist, include, exclude }: TableChoice): (table: TableId) => boolean {
  const included = include.map(compileJavaRegex);
  const excluded = exclude.map(compileJavaRegex);
  return (table) => {
    const names = namesOf(table);
    const isNamed = (list: readonly string[]): boolean => names.some((name) => list.includes(name));
    const isMatched = (patterns: typeof included): boolean =>
      patterns.some((pattern) => names.some((name) => pattern.matches(name)));
    if (whitelist.length > 0) return isNamed(whitelist);
    if (included.length > 0 && !isMatched(included)) return false;
    return !isNamed(blacklist) && !isMatched(excluded);
  };
}

/** A name that is not there is a mistake, even while others are: its rows would be missed silently. */
function requireNamed(tables: readonly TableId[], whitelist: readonly string[]): void {
  const known = new Set(tables.flatMap(namesOf));
  const missing = whitelist.filter((name) => !known.has(name));
  if (missing.length === 0) return;
  throw new ConfigError(`table.whitelist names ${missing.join(', ')}, but there is no such table`, {
    hint: `Names are case-sensitive. ${seen(tables)}`,
  });
}

/** Topics are named by the table alone, as in the Java connector, so two schemas may not bring the same one. */
function requireUniqueTopics(tables: readonly TableId[]): void {
  const byName = Map.groupBy(tables, (table) => table.name);
  const clash = [...byName.values()].find((same) => same.length > 1);
  if (clash === undefined) return;
  throw new ConfigError(
    `${clash.map(qualifiedName).join(' and ')} would both be written to the topic of table ${clash[0]?.name}`,
    {
      hint: 'Narrow the choice with schema.pattern or schema-qualified names, and use one connector per schema.',
    },
  );
}

const seen = (tables: readonly TableId[]): string =>
  tables.length === 0
    ? 'The user sees no tables at all.'
    : `Tables seen: ${tables.slice(0, 10).map(qualifiedName).join(', ')}${tables.length > 10 ? ', …' : ''}.`;
