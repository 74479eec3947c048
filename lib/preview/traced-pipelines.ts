import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError } from '../api/errors.ts';
import type { ConnectRecord, SinkRecord, SourceRecord } from '../api/record.ts';
import { errorHandling, type ErrorHandlingOptions } from '../errors/error-handling.ts';
import { encoded, type EncodedValue, type KafkaRecord } from '../kafka/ports.ts';
import { createConverters } from '../pipeline/converters.ts';
import { SinkPipeline } from '../pipeline/sink-pipeline.ts';
import { type ConvertedRecord, SourcePipeline } from '../pipeline/source-pipeline.ts';
import { createTransformationChain } from '../pipeline/transformation-chain.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { FailureCatcher, type Journey } from './journey.ts';
import { type StepTrace, TracedChain } from './traced-chain.ts';

export interface TracedPipelineOptions
  extends Pick<ErrorHandlingOptions, 'log' | 'clock' | 'random' | 'signal'> {
  /** The connector's config, secrets resolved. */
  readonly config: ConnectorConfig;
  readonly workerConfig: ConnectorConfig;
  readonly registry: PluginRegistry;
}

/** A source's pipeline as the worker runs it, one record at a time, telling what happened on the way. */
export class TracedSourcePipeline {
  readonly #parts: Parts;
  readonly #pipeline: SourcePipeline;

  /** Throws a ConfigError for transformations or converters that cannot work. */
  constructor(options: TracedPipelineOptions) {
    this.#parts = partsOf(options);
    const { traced, converters, errors } = this.#parts;
    this.#pipeline = new SourcePipeline(traced.chain, converters, errors);
  }

  async follow(source: SourceRecord): Promise<Journey<SourceRecord, ConvertedRecord & EncodedValue>> {
    const process = async () => {
      const { converted, failure } = await this.#pipeline.process([source]);
      if (failure !== undefined) throw failure.error;
      const [record] = converted;
      return record === null || record === undefined ? undefined : encoded(record);
    };
    return journey(this.#parts, process, (steps) => steps.at(-1)?.after ?? source);
  }

  close(): void {
    this.#parts.traced.chain.close();
  }
}

/** A sink's pipeline as the worker runs it, one record at a time, telling what happened on the way. */
export class TracedSinkPipeline {
  readonly #parts: Parts;
  readonly #pipeline: SinkPipeline;

  /** Throws a ConfigError for transformations or converters that cannot work. */
  constructor(options: TracedPipelineOptions) {
    this.#parts = partsOf(options);
    const { traced, converters, errors } = this.#parts;
    this.#pipeline = new SinkPipeline(traced.chain, converters, errors);
  }

  async follow(
    topic: string,
    partition: number,
    record: KafkaRecord,
  ): Promise<Journey<SinkRecord, SinkRecord>> {
    const process = async () => (await this.#pipeline.process(topic, partition, [record]))[0];
    return journey(this.#parts, process, (_steps, result) => result);
  }

  close(): void {
    this.#parts.traced.chain.close();
  }
}

type Parts = ReturnType<typeof partsOf>;

function partsOf({ config, workerConfig, registry, ...rest }: TracedPipelineOptions) {
  const failures = new FailureCatcher();
  return {
    failures,
    traced: new TracedChain(createTransformationChain(config, registry)),
    converters: createConverters(config, workerConfig, registry),
    // Takes the place of the dead-letter topic: nothing is written.
    errors: errorHandling({
      ...rest,
      config,
      connector: config['name'] ?? '',
      task: 0,
      deadLetters: failures,
    }),
  };
}

async function journey<R extends ConnectRecord, Result>(
  { traced, failures }: Parts,
  process: () => Promise<Result | undefined>,
  recordOf: (steps: readonly StepTrace<R>[], result: Result) => R,
): Promise<Journey<R, Result>> {
  traced.take();
  let result: Result | undefined;
  let thrown: { readonly error: unknown } | undefined;
  try {
    result = await process();
  } catch (error) {
    thrown = { error };
  }
  const steps = traced.take() as StepTrace<R>[];
  const failure = failures.take(thrown);
  if (failure !== undefined) return { steps, end: { outcome: 'failed', failure } };
  if (result !== undefined)
    return { steps, end: { outcome: 'passed', record: recordOf(steps, result), result } };
  const by = steps.at(-1);
  if (by === undefined || by.after !== null)
    throw new ConnectError('Bug: a record vanished without a transformation that dropped it');
  return { steps, end: { outcome: 'dropped', by } };
}
