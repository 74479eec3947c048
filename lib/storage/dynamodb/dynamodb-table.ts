import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Logger } from '../../foundation/logger.ts';
import type {
  Item,
  Key,
  QueryOptions,
  ReadOptions,
  Table,
  Update,
  WriteOptions,
  WriteResult,
} from '../table.ts';
import { fromItem, toItem } from './attribute-value.ts';
import { dynamodbError } from './dynamodb-error.ts';
import { expressions } from './expression.ts';

export interface DynamodbTableOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly log: Logger;
}

/** The table on DynamoDB. One request an operation (a page a request for queries); the SDK retries what passes. */
export function dynamodbTable(options: DynamodbTableOptions): Table {
  return new DynamodbTable(options);
}

class DynamodbTable implements Table {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #log: Logger;

  constructor({ client, tableName, log }: DynamodbTableOptions) {
    this.#client = client;
    this.#tableName = tableName;
    this.#log = log.with({ table: tableName });
  }

  get(key: Key, options: ReadOptions = {}): Promise<Item | undefined> {
    return this.#translated('read from', options.signal, async (send) => {
      const command = new GetItemCommand({
        TableName: this.#tableName,
        Key: toKey(key),
        ConsistentRead: true,
      });
      const { Item: stored } = await this.#client.send(command, send);
      return stored && fromItem(stored);
    });
  }

  query(pk: string, prefix = '', options: QueryOptions = {}): Promise<Item[]> {
    const range = sortKeys(prefix, options.from);
    return this.#translated('query', options.signal, async (send) => {
      const items: Item[] = [];
      let page: QueryCommandOutput | undefined;
      do {
        const command: QueryCommand = new QueryCommand({
          TableName: this.#tableName,
          ConsistentRead: true,
          KeyConditionExpression: `pk = :pk${range.condition}`,
          ExpressionAttributeValues: {
            ':pk': { S: pk },
            ...(range.value === undefined ? {} : { ':sk': { S: range.value } }),
          },
          ExclusiveStartKey: page?.LastEvaluatedKey,
        });
        page = await this.#client.send(command, send);
        items.push(...(page.Items ?? []).map(fromItem));
      } while (page.LastEvaluatedKey !== undefined);
      return items;
    });
  }

  put(item: Item, options: WriteOptions = {}): Promise<WriteResult> {
    const stored = options.token === undefined ? item : { ...item, writeToken: options.token };
    const command = new PutItemCommand({
      TableName: this.#tableName,
      Item: toItem(stored),
      ...expressions(options.if),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return this.#write(item, options, async (send) => {
      await this.#client.send(command, send);
      return stored;
    });
  }

  update(key: Key, update: Update, options: WriteOptions = {}): Promise<WriteResult> {
    const { token } = options;
    const marked = token === undefined ? update : { ...update, set: { ...update.set, writeToken: token } };
    const command = new UpdateItemCommand({
      TableName: this.#tableName,
      Key: toKey(key),
      ...expressions(options.if, marked),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return this.#write(key, options, async (send) => {
      const { Attributes: stored } = await this.#client.send(command, send);
      return stored === undefined ? { ...key } : fromItem(stored);
    });
  }

  delete(key: Key, options: WriteOptions = {}): Promise<{ applied: boolean }> {
    const command = new DeleteItemCommand({
      TableName: this.#tableName,
      Key: toKey(key),
      ...expressions(options.if),
    });
    return this.#translated('delete from', options.signal, async (send) => {
      try {
        await this.#client.send(command, send);
        return { applied: true };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { applied: false };
        throw error;
      }
    });
  }

  #write(
    key: Key,
    options: WriteOptions,
    attempt: (send: SendOptions) => Promise<Item>,
  ): Promise<WriteResult> {
    return this.#translated('write to', options.signal, async (send) => {
      try {
        return { applied: true, item: await attempt(send) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return this.#refused(key, error, options);
      }
    });
  }

  /**
   * The condition did not hold: because of somebody else's write, or of this very one, applied before its answer
   * was lost and the SDK sent it again. The token in the stored item tells.
   */
  async #refused(
    key: Key,
    error: ConditionalCheckFailedException,
    options: WriteOptions,
  ): Promise<WriteResult> {
    // Without an item in the exception there is none, or the server does not return it (dynalite): read again.
    const item = error.Item ? fromItem(error.Item) : await this.get(key, options);
    if (item === undefined) return { applied: false };
    const ours = options.token !== undefined && item['writeToken'] === options.token;
    if (ours) this.#log.info('write recognised by its token after a lost answer', { pk: key.pk, sk: key.sk });
    return { applied: ours, item };
  }

  async #translated<T>(
    action: string,
    signal: AbortSignal | undefined,
    call: (send: SendOptions) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await call(signal ? { abortSignal: signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw dynamodbError(error, action, this.#tableName);
    }
  }
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

const toKey = ({ pk, sk }: Key) => toItem({ pk, sk });

function sortKeys(prefix: string, from: string | undefined): { condition: string; value?: string } {
  if (prefix !== '') return { condition: ' AND begins_with(sk, :sk)', value: prefix };
  return from === undefined ? { condition: '' } : { condition: ' AND sk >= :sk', value: from };
}
