import type { TransactionContext } from '../../api/context.ts';
import type { SourceRecord } from '../../api/record.ts';
import type { RunScope } from '../task-runner.ts';
import { boundaryIntervalMs } from './settings.ts';
import { type TransactionEnd, TransactionRequests } from './transaction-requests.ts';

/** Where transactions end (`transaction.boundary`). Undefined: not here. */
export interface TransactionBoundary {
  /** What the source task is handed, where it decides itself. */
  readonly context?: TransactionContext;
  afterRecord(record: SourceRecord): TransactionEnd | undefined;
  afterBatch(): TransactionEnd | undefined;
  /** After a poll that brought nothing. */
  afterNothing(): TransactionEnd | undefined;
  /** When the task ends in order, by a stop or a pause. */
  atEnd(): TransactionEnd | undefined;
}

export function transactionBoundary({ config, deps }: RunScope): TransactionBoundary {
  switch (config['transaction.boundary']?.trim().toLowerCase()) {
    case 'interval':
      return byInterval(boundaryIntervalMs(config, deps.workerConfig), () => deps.clock.monotonic());
    case 'connector':
      return bySource(new TransactionRequests());
    default:
      return byPoll;
  }
}

const never = (): undefined => undefined;
const always = (): TransactionEnd => 'commit';

const byPoll: TransactionBoundary = {
  afterRecord: never,
  afterBatch: always,
  afterNothing: never,
  atEnd: always,
};

function byInterval(everyMs: number, now: () => number): TransactionBoundary {
  let last = now();
  const due = (): TransactionEnd | undefined => {
    if (now() - last < everyMs) return undefined;
    last = now();
    return 'commit';
  };
  // Kafka Connect looks at its clock only after a batch; a source with nothing to say would keep readers waiting.
  return { afterRecord: never, afterBatch: due, afterNothing: due, atEnd: always };
}

const bySource = (requests: TransactionRequests): TransactionBoundary => ({
  context: requests,
  afterRecord: (record) => requests.takeFor(record),
  afterBatch: () => requests.takeForBatch(),
  afterNothing: never,
  atEnd: () => requests.takeForBatch(),
});
