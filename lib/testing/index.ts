/** What tests of pipelines and plugins import: `import { runConnector } from 'sluice/testing'`. Inside, files import each other. */
export type { CommittedOffset, ConnectorRun, NextRun } from './connector-run.ts';
export type { Faults } from './faults.ts';
export type { KafkaMessage, MessagePart } from './kafka-messages.ts';
export {
  type DeliveredOutcome,
  type DroppedRecord,
  type EmittedRecord,
  type FailedOutcome,
  type PipelineOptions,
  type ProducedOutcome,
  type SinkOutcome,
  sinkPipeline,
  type SinkPipelineUnderTest,
  type SourceOutcome,
  sourcePipeline,
  type SourcePipelineUnderTest,
} from './pipeline.ts';
export type { DeadLetter, ReceivedRecord } from './received-records.ts';
export { runConnector, type RunConnectorOptions } from './run-connector.ts';
export type { Failure } from '../preview/journey.ts';
export type { PlainRecord } from '../preview/plain-record.ts';
export { type PlainValue, plainValue } from '../preview/plain-value.ts';

// The conformance suites: what a plugin or an adapter of each kind must do. They need vitest.
export { describeKafkaClient } from './kafka-client-suite.ts';
export type { KafkaUnderTest } from './kafka/kafka-probe.ts';
export {
  describeSinkConnector,
  type SinkSuiteOptions,
  type SinkUnderTest,
} from './sink-connector-suite.ts';
export {
  describeSourceConnector,
  type SourceSuiteOptions,
  type SourceUnderTest,
} from './source-connector-suite.ts';
export { describeTable, type TableUnderTest } from './table-suite.ts';
