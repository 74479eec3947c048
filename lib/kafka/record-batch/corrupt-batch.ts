import { KafkaError } from '../kafka-error.ts';

/** Bytes that cannot be a record batch. Not retriable here: the log would give the same bytes again. */
export function corruptBatch(message: string, cause?: unknown): KafkaError {
  return new KafkaError(message, {
    kafkaCode: 2,
    kafkaName: 'CORRUPT_MESSAGE',
    retriable: false,
    hint: 'Check the broker and the network for damage; move past the offset with the offsets API if the data is lost.',
    ...(cause === undefined ? {} : { cause }),
  });
}
