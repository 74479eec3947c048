import type { SinkRecord } from '../api/record.ts';
import { noHeaders, type Headers } from '../api/headers.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { FailedRecord } from '../errors/failed-record.ts';
import type { Stage } from '../errors/stage.ts';
import type { KafkaRecord } from '../kafka/ports.ts';
import type { Converters } from './converters.ts';
import { applyStep, type TransformationChain } from './transformation-chain.ts';

/** The record in Kafka a sink record was made from. */
export type Origins = WeakMap<SinkRecord, NonNullable<FailedRecord['consumed']>>;

/** Kafka record → converters → transformations, a batch at a time. One object a task. */
export class SinkPipeline {
  readonly #chain: TransformationChain;
  readonly #converters: Converters;
  readonly #errors: RetryWithTolerance;

  constructor(chain: TransformationChain, converters: Converters, errors: RetryWithTolerance) {
    this.#chain = chain;
    this.#converters = converters;
    this.#errors = errors;
  }

  /**
   * What is to be put, in order; dropped and tolerated records are left out. Throws what is not tolerated.
   * `origins` (when errant records are reported) remembers what each was read from.
   */
  async process(
    topic: string,
    partition: number,
    records: readonly KafkaRecord[],
    origins?: Origins,
  ): Promise<SinkRecord[]> {
    const converted: SinkRecord[] = [];
    for (const record of records) {
      let result: SinkRecord | null;
      try {
        result = this.#chain.apply(this.#convert(topic, partition, record));
      } catch {
        // The failing step is found, retried, reported and tolerated or thrown there.
        result = await this.#stepByStep(topic, partition, record);
      }
      if (result === null) continue;
      converted.push(result);
      origins?.set(result, { topic, partition, record });
    }
    return converted;
  }

  #convert(topic: string, partition: number, record: KafkaRecord): SinkRecord {
    const { key, value } = this.#converters;
    return sinkRecord(
      { topic, partition, record },
      key.toConnectData(topic, record.key),
      value.toConnectData(topic, record.value),
      this.#headers(topic, record),
    );
  }

  #headers(topic: string, record: KafkaRecord): Headers {
    if (record.headers.length === 0) return noHeaders;
    const { header } = this.#converters;
    return record.headers.map((h) => ({ key: h.key, ...header.toConnectHeader(topic, h.key, h.value) }));
  }

  async #stepByStep(topic: string, partition: number, record: KafkaRecord): Promise<SinkRecord | null> {
    const consumed = { topic, partition, record };
    const run = <T>(stage: Stage, executingClass: string, step: () => T) =>
      this.#errors.execute({ stage, executingClass, record: { consumed }, run: step });
    const { key, keyClass, value, valueClass, headerClass } = this.#converters;
    const keyData = await run('KEY_CONVERTER', keyClass, () => key.toConnectData(topic, record.key));
    if (keyData === undefined) return null;
    const valueData = await run('VALUE_CONVERTER', valueClass, () =>
      value.toConnectData(topic, record.value),
    );
    if (valueData === undefined) return null;
    const headers = await run('HEADER_CONVERTER', headerClass, () => this.#headers(topic, record));
    if (headers === undefined) return null;
    let current = sinkRecord(consumed, keyData.value, valueData.value, headers.value);
    for (const step of this.#chain.steps) {
      const result = await run('TRANSFORMATION', step.class, () => applyStep(step, current));
      if (result === undefined || result.value === null) return null;
      current = result.value;
    }
    return current;
  }
}

type Converted = ReturnType<Converters['key']['toConnectData']>;

function sinkRecord(
  { topic, partition, record }: { topic: string; partition: number; record: KafkaRecord },
  key: Converted,
  value: Converted,
  headers: Headers,
): SinkRecord {
  const { offset } = record;
  return {
    topic,
    kafkaPartition: partition,
    kafkaOffset: offset,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: record.timestampType === 'NoTimestampType' ? null : record.timestamp,
    timestampType: record.timestampType,
    headers,
    originalTopic: topic,
    originalKafkaPartition: partition,
    originalKafkaOffset: offset,
  };
}
