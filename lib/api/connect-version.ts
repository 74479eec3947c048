/** The version of Kafka Connect whose behaviour Sluice has: clients of the REST API tell features by it. */
export const connectVersion = '4.3.1';
