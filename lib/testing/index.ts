/** What tests of pipelines and plugins import: `import { runConnector } from 'sluice/testing'`. Inside, files import each other. */
export * from './connector-run.ts';
export * from './faults.ts';
export * from './kafka-client-suite.ts';
export * from './kafka-messages.ts';
export * from './pipeline.ts';
export * from './received-records.ts';
export * from './run-connector.ts';
export * from './sink-connector-suite.ts';
export * from './source-connector-suite.ts';
export * from './table-suite.ts';
export * from './virtual-clock.ts';
export type { Failure } from '../preview/journey.ts';
export type { PlainRecord } from '../preview/plain-record.ts';
export { type PlainValue, plainValue } from '../preview/plain-value.ts';
