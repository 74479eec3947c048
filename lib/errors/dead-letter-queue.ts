import type { EncodedValue, ProduceRecord } from '../kafka/ports.ts';
import { contextHeader, type DeadLetterOrigin, failureHeaders } from './context-headers.ts';
import type { ErrorReporter } from './failed-record.ts';

export interface DeadLetterOptions extends DeadLetterOrigin {
  readonly topic: string;
  /** Sends one record and resolves once it is acknowledged. */
  readonly send: (record: Omit<ProduceRecord, 'partition'> & EncodedValue) => Promise<void>;
}

export interface DeadLetterQueueOptions extends DeadLetterOptions {
  /** `errors.deadletterqueue.context.headers.enable` */
  readonly contextHeaders: boolean;
}

/**
 * Writes failed sink records to the dead-letter topic, byte for byte as Connect's DeadLetterQueueReporter (KIP-298):
 * the original key, value, timestamp and headers, without what transformations added, and after them, if enabled,
 * headers that say what went wrong where. With those it holds all that is needed to process the record again.
 */
export function deadLetterQueue(options: DeadLetterQueueOptions): ErrorReporter {
  return {
    async report(failed) {
      if (failed.consumed === undefined) return;
      const { topic, partition, record } = failed.consumed;
      const place = [
        contextHeader('topic', topic),
        contextHeader('partition', String(partition)),
        contextHeader('offset', String(record.offset)),
      ];
      await options.send({
        topic: options.topic,
        key: record.key,
        value: record.value,
        timestamp: record.timestamp,
        headers: options.contextHeaders
          ? [...record.headers, ...place, ...failureHeaders(failed, options)]
          : record.headers,
      });
    },
  };
}
