/** One line of a vector file: what was handed to Kafka Connect, and what came back. FORMAT.md is in docs of the recordings. */
export interface VectorCase {
  readonly id: string;
  readonly kind: string;
  readonly class?: string;
  readonly op?: string;
  readonly isKey?: boolean;
  readonly topic?: string;
  readonly config?: Readonly<Record<string, string | null>>;
  readonly input: unknown;
  readonly result: Result;
  /** The case as it is written, for numbers JSON.parse would round. */
  readonly line: string;
}

export interface RecordedError {
  readonly class: string;
  readonly message: string | null;
  /** False: only that it fails is compared. */
  readonly portable?: boolean;
}

export type Result =
  | { readonly output: unknown }
  | { readonly dropped: true }
  | { readonly error: RecordedError };

/** Thrown by a kind for a case our code does not claim to support yet; counted and named as skipped. */
export class Unsupported extends Error {}

/** Runs one case; what it returns, or its promise resolves to, is the output, what it throws is the error. */
export type Kind = (testCase: VectorCase) => unknown;

/** Returned by a kind for a transformation that dropped its record. */
export const dropped: unique symbol = Symbol('dropped');
