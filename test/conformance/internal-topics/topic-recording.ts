import { readJson } from '../read-json.ts';

export interface TopicRecord {
  readonly offset: number;
  readonly key: string | null;
  /** Null: a tombstone. */
  readonly value: string | null;
}

/** What an exactly-once worker has left in Kafka, read as committed. */
export interface ExactlyOnceRecording {
  readonly topics: Readonly<Record<string, readonly TopicRecord[]>>;
  readonly transactionsAtEnd: readonly { readonly transactionalId: string }[];
  readonly topicConfigs: readonly {
    readonly topic: string;
    readonly partitions: number;
    readonly nonDefaultConfigs: Readonly<Record<string, string>>;
  }[];
}

/** What was done with a worker, and what it wrote to its internal topics. */
export interface InternalTopicsRecording {
  readonly actions: readonly {
    readonly title: string;
    readonly request: { readonly method: string; readonly path: string; readonly body: unknown };
    readonly status: number;
  }[];
  readonly topics: Readonly<Record<string, readonly TopicRecord[]>>;
}

export const readExactlyOnce = (path: string): ExactlyOnceRecording => readJson(path) as ExactlyOnceRecording;
export const readInternalTopics = (path: string): InternalTopicsRecording =>
  readJson(path) as InternalTopicsRecording;
