import { KafkaError } from './kafka-error.ts';

interface KafkaErrorCode {
  readonly name: string;
  readonly retriable: boolean;
  readonly hint?: string;
}

const final = (name: string, hint?: string): KafkaErrorCode =>
  hint === undefined ? { name, retriable: false } : { name, retriable: false, hint };
const retriable = (name: string, hint?: string): KafkaErrorCode =>
  hint === undefined ? { name, retriable: true } : { name, retriable: true, hint };

const grant = (operations: string, resource: string): string =>
  `Allow the Kafka principal ${operations} on the ${resource} (ACL, or kafka-cluster action on MSK).`;

/**
 * Kafka's error codes by number, named as in current Kafka. Retriable as Kafka says, CORRUPT_MESSAGE included:
 * a broker answers it to a batch damaged on the way.
 */
export const kafkaErrorCodes: Readonly<Record<number, KafkaErrorCode>> = {
  [-1]: final('UNKNOWN_SERVER_ERROR', 'Look for the cause in the log of the broker.'),
  1: final('OFFSET_OUT_OF_RANGE'),
  2: retriable('CORRUPT_MESSAGE'),
  3: retriable(
    'UNKNOWN_TOPIC_OR_PARTITION',
    'Create the topic, or check its name and that the principal may describe it.',
  ),
  4: final('INVALID_FETCH_SIZE'),
  5: retriable('LEADER_NOT_AVAILABLE'),
  6: retriable('NOT_LEADER_OR_FOLLOWER'),
  7: retriable('REQUEST_TIMED_OUT'),
  8: final('BROKER_NOT_AVAILABLE'),
  9: retriable('REPLICA_NOT_AVAILABLE'),
  10: final('MESSAGE_TOO_LARGE', 'Raise max.message.bytes of the topic, or make the records smaller.'),
  11: final('STALE_CONTROLLER_EPOCH'),
  12: final('OFFSET_METADATA_TOO_LARGE'),
  13: retriable('NETWORK_EXCEPTION'),
  14: retriable('COORDINATOR_LOAD_IN_PROGRESS'),
  15: retriable('COORDINATOR_NOT_AVAILABLE'),
  16: retriable('NOT_COORDINATOR'),
  17: final(
    'INVALID_TOPIC_EXCEPTION',
    'Topic names have 1 to 249 letters, digits, dots, dashes and underscores.',
  ),
  18: final('RECORD_LIST_TOO_LARGE', 'Raise segment.bytes of the topic, or make the records smaller.'),
  19: retriable('NOT_ENOUGH_REPLICAS'),
  20: retriable('NOT_ENOUGH_REPLICAS_AFTER_APPEND'),
  21: final('INVALID_REQUIRED_ACKS'),
  22: final('ILLEGAL_GENERATION'),
  23: final('INCONSISTENT_GROUP_PROTOCOL'),
  24: final('INVALID_GROUP_ID'),
  25: final('UNKNOWN_MEMBER_ID'),
  26: final('INVALID_SESSION_TIMEOUT'),
  27: final('REBALANCE_IN_PROGRESS'),
  28: final('INVALID_COMMIT_OFFSET_SIZE'),
  29: final('TOPIC_AUTHORIZATION_FAILED', grant('Describe and Read or Write', 'topic')),
  30: final('GROUP_AUTHORIZATION_FAILED', grant('Read', 'group')),
  31: final(
    'CLUSTER_AUTHORIZATION_FAILED',
    grant('Create, and IdempotentWrite before Kafka 3.0,', 'cluster'),
  ),
  32: final(
    'INVALID_TIMESTAMP',
    "The topic's timestamp limits (message.timestamp.*.max.ms) refuse the record's timestamp.",
  ),
  33: final(
    'UNSUPPORTED_SASL_MECHANISM',
    'Use a SASL mechanism that the listener of the broker has enabled.',
  ),
  34: final('ILLEGAL_SASL_STATE', 'Check that security.protocol fits the listener of the broker.'),
  35: final('UNSUPPORTED_VERSION', 'Kafka 2.3 or newer is needed.'),
  36: final('TOPIC_ALREADY_EXISTS'),
  37: final('INVALID_PARTITIONS'),
  38: final(
    'INVALID_REPLICATION_FACTOR',
    'Use a replication factor of at most the number of brokers, or -1 for the default.',
  ),
  39: final('INVALID_REPLICA_ASSIGNMENT'),
  40: final('INVALID_CONFIG'),
  41: retriable('NOT_CONTROLLER'),
  42: final('INVALID_REQUEST'),
  43: final('UNSUPPORTED_FOR_MESSAGE_FORMAT'),
  44: final('POLICY_VIOLATION', 'The policy of the cluster refuses this; its administrator knows the rules.'),
  45: final('OUT_OF_ORDER_SEQUENCE_NUMBER'),
  46: final('DUPLICATE_SEQUENCE_NUMBER'),
  47: final('INVALID_PRODUCER_EPOCH'),
  48: final('INVALID_TXN_STATE'),
  49: final('INVALID_PRODUCER_ID_MAPPING'),
  50: final(
    'INVALID_TRANSACTION_TIMEOUT',
    'Keep the transaction timeout within transaction.max.timeout.ms of the broker.',
  ),
  51: retriable('CONCURRENT_TRANSACTIONS'),
  52: final('TRANSACTION_COORDINATOR_FENCED'),
  53: final('TRANSACTIONAL_ID_AUTHORIZATION_FAILED', grant('Describe and Write', 'transactional id')),
  54: final('SECURITY_DISABLED'),
  55: final('OPERATION_NOT_ATTEMPTED'),
  56: retriable('KAFKA_STORAGE_ERROR'),
  57: final('LOG_DIR_NOT_FOUND'),
  58: final(
    'SASL_AUTHENTICATION_FAILED',
    'Check the username and the password, or the token, and the SASL mechanism.',
  ),
  59: final('UNKNOWN_PRODUCER_ID'),
  60: final('REASSIGNMENT_IN_PROGRESS'),
  68: final('NON_EMPTY_GROUP'),
  69: final('GROUP_ID_NOT_FOUND'),
  70: retriable('FETCH_SESSION_ID_NOT_FOUND'),
  71: retriable('INVALID_FETCH_SESSION_EPOCH'),
  72: retriable('LISTENER_NOT_FOUND'),
  73: final('TOPIC_DELETION_DISABLED'),
  74: retriable('FENCED_LEADER_EPOCH'),
  75: retriable('UNKNOWN_LEADER_EPOCH'),
  76: final('UNSUPPORTED_COMPRESSION_TYPE', 'Set the compression of the producer to one the broker knows.'),
  77: final('STALE_BROKER_EPOCH'),
  78: retriable('OFFSET_NOT_AVAILABLE'),
  79: final('MEMBER_ID_REQUIRED'),
  80: retriable('PREFERRED_LEADER_NOT_AVAILABLE'),
  81: final('GROUP_MAX_SIZE_REACHED'),
  82: final('FENCED_INSTANCE_ID'),
  87: final('INVALID_RECORD', 'A compacted topic needs a key in every record.'),
  88: retriable('UNSTABLE_OFFSET_COMMIT'),
  89: retriable('THROTTLING_QUOTA_EXCEEDED'),
  90: final('PRODUCER_FENCED'),
  100: retriable('UNKNOWN_TOPIC_ID'),
  103: retriable('INCONSISTENT_TOPIC_ID'),
};

export interface ErrorPlace {
  readonly topic?: string;
  readonly partition?: number;
  /** What was being done; the default is Kafka's name for the error. */
  readonly message?: string;
  /** The broker's own words, where its answer has some. */
  readonly detail?: string | null;
  readonly hint?: string;
  readonly retriable?: boolean;
}

/** A broker's numeric answer as a KafkaError. */
export function errorOf(code: number, place: ErrorPlace = {}): KafkaError {
  const known = kafkaErrorCodes[code] ?? final(`UNKNOWN_ERROR_CODE_${code}`);
  const { topic, partition } = place;
  const where =
    topic === undefined
      ? ''
      : partition === undefined
        ? ` for topic ${topic}`
        : ` for partition ${partition} of topic ${topic}`;
  const detail = place.detail ? `: ${place.detail}` : '';
  const hint = place.hint ?? known.hint;
  return new KafkaError(place.message ?? `Kafka answered ${known.name}${where}${detail}`, {
    kafkaCode: code,
    kafkaName: known.name,
    retriable: place.retriable ?? known.retriable,
    ...(topic === undefined ? {} : { topic }),
    ...(partition === undefined ? {} : { partition }),
    ...(hint === undefined ? {} : { hint }),
  });
}
