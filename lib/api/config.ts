/** A connector or task configuration as Kafka Connect has it: strings only, keys never added or normalised. */
export type ConnectorConfig = Readonly<Record<string, string>>;
