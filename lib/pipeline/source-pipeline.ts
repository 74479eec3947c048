import type { Converters } from './converters.ts';
import type { ProduceRecord } from '../kafka/ports.ts';
import type { Converter } from '../api/converter.ts';
import type { SourceRecord } from '../api/record.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { Stage } from '../errors/stage.ts';
import { applyStep, type TransformationChain } from './transformation-chain.ts';

/** A record ready for Kafka but for its partition: null where the partitioner is to choose it. */
export type ConvertedRecord = Omit<ProduceRecord, 'partition'> & { partition: number | null };

export interface ProcessedRecords {
  /** Null: dropped by a transformation or skipped by tolerance. */
  readonly converted: readonly (ConvertedRecord | null)[];
  readonly failure?: { readonly error: unknown };
}

/** Source record → transformations → converters, a batch at a time. One object a task. */
export class SourcePipeline {
  readonly #chain: TransformationChain;
  readonly #converters: Converters;
  readonly #errors: RetryWithTolerance;
  readonly #serialize: NonNullable<Converter['serialize']>;

  constructor(chain: TransformationChain, converters: Converters, errors: RetryWithTolerance) {
    this.#chain = chain;
    this.#converters = converters;
    this.#errors = errors;
    const { value } = converters;
    this.#serialize = (topic, schema, data) =>
      value.serialize === undefined
        ? value.fromConnectData(topic, schema, data)
        : value.serialize(topic, schema, data);
  }

  /** One entry a record, in order; fewer when one fails for good, with that failure: those before it still count. */
  async process(records: readonly SourceRecord[]): Promise<ProcessedRecords> {
    const converted: (ConvertedRecord | null)[] = [];
    for (const record of records) {
      try {
        const transformed = this.#chain.apply(record);
        converted.push(transformed === null ? null : this.#convert(transformed));
      } catch {
        // The failing step is found, retried, reported and tolerated or thrown there.
        try {
          converted.push(await this.#stepByStep(record));
        } catch (error) {
          return { converted, failure: { error } };
        }
      }
    }
    return { converted };
  }

  #convert(record: SourceRecord): ConvertedRecord {
    const { key } = this.#converters;
    const converted: ConvertedRecord = {
      topic: record.topic,
      partition: record.kafkaPartition ?? null,
      key: key.fromConnectData(record.topic, record.keySchema ?? null, record.key ?? null),
      value: this.#serialize(record.topic, record.valueSchema ?? null, record.value ?? null),
      timestamp: record.timestamp ?? null,
    };
    if (record.headers === undefined || record.headers.length === 0) return converted;
    return { ...converted, headers: this.#headers(record) };
  }

  #headers(record: SourceRecord): NonNullable<ProduceRecord['headers']> {
    const { header } = this.#converters;
    return (record.headers ?? []).map((h) => ({
      key: h.key,
      value: header.fromConnectHeader(record.topic, h.key, h.schema, h.value),
    }));
  }

  async #stepByStep(source: SourceRecord): Promise<ConvertedRecord | null> {
    let current = source;
    const run = <T>(stage: Stage, executingClass: string, step: () => T) =>
      this.#errors.execute({ stage, executingClass, record: { source }, run: step });
    for (const step of this.#chain.steps) {
      const result = await run('TRANSFORMATION', step.class, () => applyStep(step, current));
      if (result === undefined || result.value === null) return null;
      current = result.value;
    }
    const { key, keyClass, valueClass, headerClass } = this.#converters;
    const { topic } = current;
    const headers = await run('HEADER_CONVERTER', headerClass, () => this.#headers(current));
    if (headers === undefined) return null;
    const keyBytes = await run('KEY_CONVERTER', keyClass, () =>
      key.fromConnectData(topic, current.keySchema ?? null, current.key ?? null),
    );
    if (keyBytes === undefined) return null;
    const valueBytes = await run('VALUE_CONVERTER', valueClass, () =>
      this.#serialize(topic, current.valueSchema ?? null, current.value ?? null),
    );
    if (valueBytes === undefined) return null;
    return {
      topic,
      partition: current.kafkaPartition ?? null,
      key: keyBytes.value,
      value: valueBytes.value,
      timestamp: current.timestamp ?? null,
      headers: headers.value,
    };
  }
}
