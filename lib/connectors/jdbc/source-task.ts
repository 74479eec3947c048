import type { ConnectorConfig } from '../../api/config.ts';
import type { SourceTaskContext } from '../../api/context.ts';
import { ConfigError, ConnectError, RetriableError } from '../../api/errors.ts';
import type { SourceRecord } from '../../api/record.ts';
import type { SourceTask } from '../../api/source.ts';
import { waitBriefly, waitForData } from '../core/polling/wait-for-data.ts';
import type { SqlConnection } from '../core/sql/connection.ts';
import type { Relation } from '../core/sql/relation.ts';
import type { RowSource } from '../core/sql/row-source.ts';
import { parseTableIds } from '../core/sql/table-id.ts';
import { connect } from './client.ts';
import { jdbcSourceConfig, tablesKey, type JdbcSourceConfig } from './config.ts';
import { readPositions } from './partition.ts';
import { rowSource } from './row-sources.ts';

interface ScheduledSource {
  readonly rows: RowSource;
  /** When its next pass begins, on the monotonic clock; while draining never again. */
  dueAt: number;
  /** Why its last read failed; it is tried again when it is due. */
  failure: RetriableError | undefined;
}

/**
 * Reads its tables in turns: a table is read until its pass ends, then it rests for `poll.interval.ms` while the
 * others have theirs. While draining each table has one pass, and when all have had it the task has caught up.
 */
export class JdbcSourceTask implements SourceTask {
  #config: JdbcSourceConfig | undefined;
  /** The one to be read next is first. */
  #sources: ScheduledSource[] = [];
  #connection: SqlConnection | undefined;
  #outage: { readonly error: RetriableError; readonly retryAt: number } | undefined;

  async start(config: ConnectorConfig, context: SourceTaskContext): Promise<void> {
    const given = jdbcSourceConfig.parse(config);
    const batchRows = Math.ceil(given['batch.max.rows'] / context.batchDivisor);
    const parsed = { ...given, 'batch.max.rows': batchRows };
    const relations = relationsOf(parsed, config[tablesKey] ?? '');
    const positions = await readPositions(relations, context.offsets);
    this.#config = parsed;
    this.#sources = relations.map((relation, i) => ({
      rows: rowSource(parsed, relation, positions[i] ?? { timestamp: null, incrementing: null }),
      dueAt: 0,
      failure: undefined,
    }));
  }

  async poll(context: SourceTaskContext): Promise<readonly SourceRecord[] | null> {
    for (let turn = this.#sources.length; turn > 0 && !context.signal.aborted; turn--) {
      const [source] = this.#sources;
      if (source === undefined || this.#config === undefined) break;
      const isDue = source.dueAt <= context.clock.monotonic();
      const records = isDue ? await this.#read(source, this.#config, context) : [];
      if (records.length > 0) return records;
      this.#rotate();
    }
    await this.#rest(context);
    return null;
  }

  async stop(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  async #read(
    source: ScheduledSource,
    config: JdbcSourceConfig,
    context: SourceTaskContext,
  ): Promise<readonly SourceRecord[]> {
    const connection = await this.#connect(config, context);
    try {
      const { records, passEnded } = await source.rows.next(connection);
      source.failure = undefined;
      if (passEnded) {
        source.dueAt = context.draining
          ? Number.POSITIVE_INFINITY
          : context.clock.monotonic() + config['poll.interval.ms'];
        if (records.length > 0) this.#rotate();
      }
      return records;
    } catch (error) {
      // Nothing is known about the connection any more; what was asked for in advance is gone with it.
      for (const { rows } of this.#sources) rows.reset();
      await this.stop();
      const failure = passing(error, config);
      if (failure === undefined || context.signal.aborted) throw error;
      // The other tables must not wait for this one.
      source.failure = failure;
      source.dueAt = context.clock.monotonic() + config['connection.backoff.ms'];
      return [];
    }
  }

  /** Nothing is due. A table that could not be read is not caught up, so that has to be said. */
  async #rest(context: SourceTaskContext): Promise<void> {
    const wait = Math.min(...this.#sources.map(({ dueAt }) => dueAt)) - context.clock.monotonic();
    const failed = this.#sources.find(({ failure }) => failure !== undefined);
    if (failed?.failure === undefined) return waitForData(context, wait);
    await waitBriefly(context, wait);
    throw failed.failure;
  }

  #rotate(): void {
    const [first, ...others] = this.#sources;
    if (first !== undefined) this.#sources = [...others, first];
  }

  /** One attempt a poll, `connection.backoff.ms` apart: a poll during an outage must not take longer than others. */
  async #connect(config: JdbcSourceConfig, context: SourceTaskContext): Promise<SqlConnection> {
    if (this.#connection !== undefined) return this.#connection;
    if (this.#outage !== undefined) {
      await waitBriefly(context, this.#outage.retryAt - context.clock.monotonic());
      if (context.clock.monotonic() < this.#outage.retryAt) throw this.#outage.error;
    }
    try {
      this.#connection = await connect(config, context);
      this.#outage = undefined;
      return this.#connection;
    } catch (error) {
      if (error instanceof RetriableError)
        this.#outage = { error, retryAt: context.clock.monotonic() + config['connection.backoff.ms'] };
      throw error;
    }
  }
}

/** What may be over at the next try: an outage, or a table that is gone and that the next plan will leave out. */
function passing(error: unknown, config: JdbcSourceConfig): RetriableError | undefined {
  if (error instanceof RetriableError) return error;
  const isTableGone = error instanceof ConnectError && error.code === 'NOT_FOUND' && config.query === '';
  if (!isTableGone) return undefined;
  return new RetriableError(error.message, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

function relationsOf(config: JdbcSourceConfig, tables: string): Relation[] {
  if (config.query !== '') return [{ query: config.query }];
  const relations = parseTableIds(tables).map((table) => ({ table }));
  if (relations.length > 0) return relations;
  throw new ConfigError(`Missing configuration "${tablesKey}": the task has no table to read`, {
    hint: 'It is set by the connector when its work is split; a task cannot be configured by hand.',
  });
}
