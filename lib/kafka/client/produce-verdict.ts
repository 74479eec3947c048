import { kafkaErrorCodes } from '../error-codes.ts';

/** What a broker's answer to a batch means for it. */
export type Verdict =
  | 'appended'
  | 'retry'
  /** The broker does not follow our sequence (any more): sent again under a new identity. */
  | 'retry with new identity'
  | 'split'
  | 'fail';

const codes = {
  ok: 0,
  messageTooLarge: 10,
  recordListTooLarge: 18,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  invalidProducerIdMapping: 49,
  unknownProducerId: 59,
} as const;

const sequenceCodes = new Set<number>([
  codes.outOfOrderSequence,
  codes.invalidProducerEpoch,
  codes.invalidProducerIdMapping,
  codes.unknownProducerId,
]);

export interface Answered {
  readonly errorCode: number;
  readonly records: number;
  readonly idempotent: boolean;
  /** Only `init` may take a new identity then: it fences whoever has the transactional id. */
  readonly transactional: boolean;
  /** A batch before it on the partition failed, so that this one comes out of order. */
  readonly behindFailure: boolean;
}

export function verdictOf(answered: Answered): Verdict {
  const { errorCode, records, idempotent, transactional, behindFailure } = answered;
  // A duplicate older than what the broker remembers the offset of was appended all the same.
  if (errorCode === codes.ok || errorCode === codes.duplicateSequence) return 'appended';
  if (errorCode === codes.messageTooLarge || errorCode === codes.recordListTooLarge)
    return records > 1 ? 'split' : 'fail';
  if (transactional && errorCode === codes.invalidProducerEpoch) return 'fail';
  if (idempotent && sequenceCodes.has(errorCode)) {
    if (behindFailure) return 'retry';
    return transactional ? 'fail' : 'retry with new identity';
  }
  return kafkaErrorCodes[errorCode]?.retriable ? 'retry' : 'fail';
}
