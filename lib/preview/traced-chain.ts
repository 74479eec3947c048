import type { ConnectRecord } from '../api/record.ts';
import { applyStep, type Step, TransformationChain } from '../pipeline/transformation-chain.ts';

/** What one step made of one record. */
export interface StepTrace<R extends ConnectRecord = ConnectRecord> {
  readonly alias: string;
  readonly class: string;
  /** False: its predicate let the record pass untouched. */
  readonly applied: boolean;
  readonly before: R;
  /** Null: dropped. */
  readonly after: R | null;
}

/**
 * The same chain, with an observer around each step. A pipeline may run a step several times on one record (it
 * looks for the step that failed, and retries it): the last run of each step counts.
 */
export class TracedChain {
  readonly chain: TransformationChain;
  #traces = new Map<number, StepTrace>();

  constructor(chain: TransformationChain) {
    this.chain = new TransformationChain(chain.steps.map((step, index) => this.#observed(step, index)));
  }

  /** What the steps did since the last call, in their order. */
  take(): StepTrace[] {
    const traces = [...this.#traces].sort(([a], [b]) => a - b).map(([, trace]) => trace);
    this.#traces = new Map();
    return traces;
  }

  /** Takes the predicate into the transformation, so that a step that does not apply is seen as well. */
  #observed(step: Step, index: number): Step {
    const apply = <R extends ConnectRecord>(record: R): R | null => {
      let applied = false;
      const transformation = {
        apply: <T extends ConnectRecord>(input: T): T | null => {
          applied = true;
          return step.transformation.apply(input);
        },
      };
      this.#traces.delete(index);
      const after = applyStep({ ...step, transformation }, record);
      this.#traces.set(index, { alias: step.alias, class: step.class, applied, before: record, after });
      return after;
    };
    const close = (): void => {
      step.transformation.close?.();
      step.predicate?.close?.();
    };
    return { ...step, predicate: null, transformation: { apply, close } };
  }
}
