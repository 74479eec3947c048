import { toConnectError } from '../api/errors.ts';
import type { ConnectRecord } from '../api/record.ts';
import { describeError } from '../errors/describe-error.ts';
import type { ErrorReporter, FailedRecord } from '../errors/failed-record.ts';
import type { Stage } from '../errors/stage.ts';
import type { StepTrace } from './traced-chain.ts';

/** Why a record did not get through: plain data. */
export interface Failure {
  readonly stage: Stage;
  /** The transformation or converter that failed. */
  readonly class: string;
  /** The class Kafka Connect throws in the same place. */
  readonly exception: string;
  readonly message: string;
  readonly hint?: string;
  /** All of that and the causes, as in a status trace. */
  readonly trace: string;
  readonly attempts: number;
  /** `errors.tolerance=all` skips the record; otherwise the task stops here. */
  readonly tolerated: boolean;
}

/** What became of one record on its way through transformations and converters. */
export interface Journey<R extends ConnectRecord, Result> {
  readonly steps: readonly StepTrace<R>[];
  readonly end:
    | { readonly outcome: 'passed'; readonly record: R; readonly result: Result }
    | { readonly outcome: 'dropped'; readonly by: StepTrace<R> }
    | { readonly outcome: 'failed'; readonly failure: Failure };
}

/** Keeps the last failure a pipeline reports instead of sending it anywhere. */
export class FailureCatcher implements ErrorReporter {
  #failed: FailedRecord | undefined;

  async report(failed: FailedRecord): Promise<void> {
    this.#failed = failed;
  }

  /** The failure since the last call. `thrown`: what the pipeline threw, which without a report is a defect. */
  take(thrown?: { readonly error: unknown }): Failure | undefined {
    const failed = this.#failed;
    this.#failed = undefined;
    if (failed === undefined) {
      if (thrown !== undefined) throw thrown.error;
      return undefined;
    }
    const { stage, executingClass, error, attempts } = failed;
    const { javaClass, message, hint } = toConnectError(error);
    return {
      stage,
      class: executingClass,
      exception: javaClass,
      message,
      ...(hint === undefined ? {} : { hint }),
      trace: describeError(error),
      attempts,
      tolerated: thrown === undefined,
    };
  }
}
