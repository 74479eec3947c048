/** A connector or task configuration as Kafka Connect has it: strings only, keys never added or normalised. */
export type ConnectorConfig = Readonly<Record<string, string>>;

/** A BOOLEAN value that validation has passed: any case, blanks around it; absent is false. */
export const isTrue = (value: string | undefined): boolean => value?.trim().toLowerCase() === 'true';
