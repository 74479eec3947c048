import { DataError } from '../../../api/errors.ts';
import type { SourceOffset } from '../../../api/record.ts';
import { defined } from '../../../foundation/assert.ts';
import type { SqlColumn } from './column.ts';
import type { SqlCell, SqlConnection, SqlRow, TimestampKey } from './connection.ts';
import { chooseKeys, type KeyRequest } from './key-choice.ts';
import {
  latestStatement,
  timestampExpression,
  type KeyCells,
  type KeysetSource,
  type SqlStatement,
} from './keyset-query.ts';
import { encodePosition, type TablePosition } from './offset-codec.ts';
import { columnsOf, fromClause, nameOf, type Relation } from './relation.ts';
import type { PreciseTime } from './time/timestamp-text.ts';
import type { TimeZone } from './time/time-zone.ts';

export interface KeyPlanOptions {
  readonly relation: Relation;
  readonly request: KeyRequest;
  readonly suffix: string;
  readonly quote: (name: string) => string;
  readonly zone: TimeZone;
}

/** The keys a table is read by, and how they go into statements and offsets. Asked once per connection. */
export class KeyPlan {
  readonly source: KeysetSource;
  readonly #connection: SqlConnection;
  readonly #what: string;
  readonly #timestampNames: readonly string[];
  readonly #incrementingName: string | null;
  readonly #timestampKey: TimestampKey | null;

  private constructor(connection: SqlConnection, what: string, parts: KeyPlanParts) {
    this.#connection = connection;
    this.#what = what;
    this.source = parts.source;
    this.#timestampNames = parts.timestampNames;
    this.#incrementingName = parts.incrementingName;
    this.#timestampKey = parts.timestampKey;
  }

  static async make(connection: SqlConnection, options: KeyPlanOptions): Promise<KeyPlan> {
    const { relation, request, suffix, quote, zone } = options;
    const what = nameOf(relation);
    const { timestamps, incrementing } = chooseKeys(what, await columnsOf(connection, relation), request);
    const source: KeysetSource = {
      from: fromClause(relation, quote),
      keys: {
        timestamps: timestamps.map(({ name }) => quote(name)),
        incrementing: incrementing && quote(incrementing.name),
      },
      suffix,
      placeholder: (index) => connection.placeholder(index),
    };
    const [timestamp] = timestamps;
    const latest = (): Promise<SqlCell> =>
      single(connection, latestStatement(source, timestampExpression(source.keys)));
    const timestampKey =
      timestamp === undefined ? null : await connection.timestampKey(timestamp, zone, latest);
    return new KeyPlan(connection, what, {
      source,
      timestampKey,
      timestampNames: timestamps.map(({ name }) => name),
      incrementingName: incrementing?.name ?? null,
    });
  }

  /** True: rows are told apart by their timestamps alone. */
  get hasTies(): boolean {
    return this.#incrementingName === null;
  }

  /** Where reading starts. `initialMs`: for a table never read before; -1 means its latest row. */
  async start(position: TablePosition, initialMs: number | null, delayMs: number): Promise<KeyCells> {
    const key = this.#timestampKey;
    if (key === null) return { timestamp: null, incrementing: position.incrementing };
    if (position.timestamp !== null)
      return { timestamp: key.toCell(position.timestamp), incrementing: position.incrementing };
    if (initialMs === null) return { timestamp: null, incrementing: null };
    if (initialMs >= 0) return { timestamp: key.toCell(timeOf(initialMs)), incrementing: null };
    return { timestamp: await this.#beforeLatest(await this.#now(key, delayMs)), incrementing: null };
  }

  /** Where a pass that begins now ends; null: there is nothing to read. */
  async end(delayMs: number): Promise<KeyCells | null> {
    const key = this.#timestampKey;
    if (key !== null) return { timestamp: await this.#now(key, delayMs), incrementing: null };
    const incrementing = await single(
      this.#connection,
      latestStatement(this.source, this.source.keys.incrementing ?? ''),
    );
    return incrementing === null ? null : { timestamp: null, incrementing };
  }

  /** Reads a row's keys from where a result has them. */
  keysOf(columns: readonly SqlColumn[]): (row: SqlRow) => KeyCells {
    const timestamps = this.#timestampNames.map((name) => indexOf(columns, name));
    const incrementing = this.#incrementingName === null ? -1 : indexOf(columns, this.#incrementingName);
    return (row) => {
      let timestamp: SqlCell = null;
      for (const index of timestamps) timestamp ??= row[index] ?? null;
      const number = incrementing < 0 ? null : (row[incrementing] ?? null);
      if (incrementing >= 0 && number === null) throw this.#nullKey();
      return { timestamp, incrementing: number };
    };
  }

  /** The offset of each row, where every row has keys of its own. */
  offsetsOf(columns: readonly SqlColumn[]): (row: SqlRow) => SourceOffset {
    const keys = this.keysOf(columns);
    if (this.#timestampKey !== null) return (row) => encodePosition(this.positionOf(keys(row)));
    // The same without the objects in between, as this is done for each record.
    const at = indexOf(columns, defined(this.#incrementingName, 'the incrementing column'));
    return (row) => {
      const number = row[at] ?? null;
      if (number === null) throw this.#nullKey();
      return { incrementing: BigInt(number as string | bigint | number) };
    };
  }

  /** What an offset says about a place. */
  positionOf({ timestamp, incrementing }: KeyCells): TablePosition {
    return {
      timestamp:
        timestamp === null || this.#timestampKey === null ? null : this.#timestampKey.toOffset(timestamp),
      incrementing: incrementing === null ? null : BigInt(incrementing as string | bigint | number),
    };
  }

  async #now(key: TimestampKey, delayMs: number): Promise<SqlCell> {
    const { ms, nanos } = await this.#connection.now();
    const end = ms - delayMs;
    return key.toCell({ ms: end, nanos: timeOf(end).nanos + (nanos % 1_000_000) });
  }

  /**
   * "Now" cannot be written down before a record is read, and a run may end without one. The latest row can: reading
   * starts with it, its offset is stored, and whatever is written between two runs is not missed.
   */
  async #beforeLatest(until: SqlCell): Promise<SqlCell> {
    const expression = timestampExpression(this.source.keys);
    const latest = await single(this.#connection, latestStatement(this.source, expression, until));
    return latest === null
      ? null
      : single(this.#connection, latestStatement(this.source, expression, latest));
  }

  #nullKey(): DataError {
    return new DataError(
      `${this.#what} has a row without a value in incrementing column ${this.#incrementingName}`,
      {
        hint: 'Such a row has no place in the order of reading. Make the column NOT NULL, or leave those rows out with a query.',
      },
    );
  }
}

interface KeyPlanParts {
  readonly source: KeysetSource;
  readonly timestampNames: readonly string[];
  readonly incrementingName: string | null;
  readonly timestampKey: TimestampKey | null;
}

const indexOf = (columns: readonly SqlColumn[], name: string): number =>
  columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());

const timeOf = (ms: number): PreciseTime => ({ ms, nanos: (((ms % 1000) + 1000) % 1000) * 1_000_000 });

async function single(connection: SqlConnection, { sql, parameters }: SqlStatement): Promise<SqlCell> {
  const { rows } = await connection.query(sql, parameters);
  return rows[0]?.[0] ?? null;
}
