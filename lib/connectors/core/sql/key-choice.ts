import { ConfigError } from '../../../api/errors.ts';
import type { SqlColumn, TableColumn } from './column.ts';

export interface KeyRequest {
  readonly mode: 'timestamp' | 'incrementing' | 'timestamp+incrementing';
  /** Empty: the column the database counts up. */
  readonly incrementing: string;
  readonly timestamps: readonly string[];
  readonly validateNonNull: boolean;
}

export interface KeyChoice {
  readonly timestamps: readonly SqlColumn[];
  readonly incrementing: SqlColumn | null;
}

/** Finds the columns a mode reads by, or says what is wrong with them. `what`: the table's name, or `the query`. */
export function chooseKeys(
  what: string,
  columns: readonly (SqlColumn & Partial<TableColumn>)[],
  request: KeyRequest,
): KeyChoice {
  const { mode, validateNonNull } = request;
  const incrementing = mode === 'timestamp' ? null : incrementingColumn(what, columns, request.incrementing);
  const timestamps = mode === 'incrementing' ? [] : timestampColumns(what, columns, request.timestamps);
  if (validateNonNull && incrementing?.nullable === true)
    throw nullable(what, 'Incrementing', incrementing.name);
  if (validateNonNull && timestamps.length > 0 && timestamps.every((column) => column.nullable)) {
    throw nullable(what, 'Timestamp', timestamps.map((column) => column.name).join(', '));
  }
  return { timestamps, incrementing };
}

function incrementingColumn(
  what: string,
  columns: readonly (SqlColumn & Partial<TableColumn>)[],
  name: string,
): SqlColumn {
  if (name === '') {
    const found = columns.filter((column) => column.autoIncrement === true);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    throw new ConfigError(
      `${what} has ${found.length === 0 ? 'no' : 'more than one'} column that the database counts up`,
      {
        hint: 'Name the column in incrementing.column.name, or use mode=timestamp or mode=bulk for this table.',
      },
    );
  }
  const column = named(what, columns, name, 'incrementing.column.name');
  const isInteger =
    ['int8', 'int16', 'int32', 'int64'].includes(column.type) ||
    (column.type === 'decimal' && (column.scale ?? 0) === 0);
  if (isInteger) return column;
  throw new ConfigError(
    `Column ${name} of ${what} is of type ${column.type}, and cannot be the incrementing column`,
    {
      hint: 'An incrementing column holds integers that only grow, such as an identity or serial column.',
    },
  );
}

function timestampColumns(
  what: string,
  columns: readonly SqlColumn[],
  names: readonly string[],
): SqlColumn[] {
  if (names.length === 0)
    throw new ConfigError('timestamp.column.name is empty', {
      hint: 'Modes with a timestamp need the column that is set whenever a row changes.',
    });
  return names.map((name) => {
    const column = named(what, columns, name, 'timestamp.column.name');
    if (column.type === 'timestamp') return column;
    throw new ConfigError(
      `Column ${name} of ${what} is of type ${column.type}, and cannot be a timestamp column`,
      {
        hint: 'A timestamp column holds the date and time of the last change of its row.',
      },
    );
  });
}

function named(what: string, columns: readonly SqlColumn[], name: string, key: string): SqlColumn {
  const column = columns.find((candidate) => candidate.name === name) ?? onlyMatch(columns, name);
  if (column !== undefined) return column;
  throw new ConfigError(`${what} has no column ${name}, which ${key} names`, {
    hint: `Its columns are ${columns.map((candidate) => candidate.name).join(', ')}.`,
  });
}

/** Databases fold unquoted names, and users write them as they like; the Java connector looks them up regardless of case. */
function onlyMatch(columns: readonly SqlColumn[], name: string): SqlColumn | undefined {
  const matches = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  return matches.length === 1 ? matches[0] : undefined;
}

const nullable = (what: string, kind: string, name: string): ConfigError =>
  new ConfigError(`${kind} column ${name} of ${what} may be null: rows where it is would never be read`, {
    hint: 'Make the column NOT NULL, or set validate.non.null=false if such rows may be left out.',
  });
