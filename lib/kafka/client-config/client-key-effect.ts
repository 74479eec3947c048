/** What a setting of Kafka's clients does here. */
export interface ClientKeyEffect {
  /** The values that are in effect. Empty: none is, whatever is set. */
  readonly values: 'any' | readonly string[];
  /** What heeds the setting, or why nothing does. */
  readonly text: string;
}

export type ClientKeyEffects = Readonly<Record<string, ClientKeyEffect>>;

export const heeded = (text: string): ClientKeyEffect => ({ values: 'any', text });

/** Only these values are in effect: mostly the one way in which Sluice does it. */
export const only = (values: readonly string[], text: string): ClientKeyEffect => ({ values, text });

export const inert = (text: string): ClientKeyEffect => ({ values: [], text });
