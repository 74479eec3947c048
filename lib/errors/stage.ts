/** Where in a record's way an operation failed: Connect's names, seen in dead-letter headers and logs. */
export const stages = [
  'TASK_POLL',
  'TASK_PUT',
  'TRANSFORMATION',
  'KEY_CONVERTER',
  'VALUE_CONVERTER',
  'HEADER_CONVERTER',
  'KAFKA_PRODUCE',
  'KAFKA_CONSUME',
] as const;
export type Stage = (typeof stages)[number];

/** Stages in which `errors.tolerance=all` covers any error; elsewhere it covers only retriable ones. */
export const tolerantStages: ReadonlySet<Stage> = new Set([
  'TRANSFORMATION',
  'KEY_CONVERTER',
  'VALUE_CONVERTER',
  'HEADER_CONVERTER',
]);
