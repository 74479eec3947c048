import type { RequestOf, ResponseOf } from '../../protocol/api.ts';
import { produceApi } from '../../protocol/record-apis.ts';
import {
  batchAttributes,
  batchLayout,
  isControl,
  isTransactional,
  noProducerId,
  readBatchHeader,
  type BatchHeader,
} from '../../record-batch/batch-header.ts';
import type { BatchRecord } from '../../record-batch/batch-record.ts';
import { crc32c } from '../../record-batch/crc32c.ts';
import { checkCrc, decodeRecords } from '../../record-batch/decode-records.ts';
import { KafkaError } from '../../kafka-error.ts';
import { handler, type Handler, type RequestContext } from '../handler.ts';
import type { Partition, Topic } from '../topics.ts';

const codes = {
  ok: 0,
  corrupt: 2,
  unknownPartition: 3,
  notLeader: 6,
  tooLarge: 10,
  invalidAcks: 21,
  invalidRecord: 87,
} as const;
const defaultMaxMessageBytes = 1_048_588;

interface Appended {
  readonly errorCode: number;
  readonly baseOffset: bigint;
  readonly logAppendTime: bigint;
}

const refused = (errorCode: number): Appended => ({ errorCode, baseOffset: -1n, logAppendTime: -1n });

export const produceHandler: Handler = handler(produceApi, (request, context) => {
  const answer: ResponseOf<typeof produceApi> = {
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, batches }) => ({
        partition,
        ...append(request, { topic, partition, bytes: batches[0] ?? Buffer.alloc(0) }, context),
        logStartOffset: 0n,
      })),
    })),
    throttleTimeMs: 0,
  };
  context.state.appended.notify();
  return request.acks === 0 ? undefined : answer;
});

interface Append {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

function append(request: RequestOf<typeof produceApi>, at: Append, context: RequestContext): Appended {
  if (context.forcedError !== undefined) return refused(context.forcedError);
  const { topics, transactions, clock } = context.state;
  const topic = topics.get(at.topic);
  const target = topic?.partitions[at.partition];
  if (!topic || !target) return refused(codes.unknownPartition);
  if (target.leader !== context.nodeId) return refused(codes.notLeader);
  if (![-1, 0, 1].includes(request.acks)) return refused(codes.invalidAcks);
  const batch = checkedBatch(at.bytes, topic);
  if (typeof batch === 'number') return refused(batch);
  const duplicate = checkProducer(batch, target);
  if (duplicate) return duplicate;
  if (isTransactional(batch)) {
    const code = transactions.checkAppend(request.transactionalId, batch.producerId, at.topic, at.partition);
    if (code !== codes.ok) return refused(code);
  }
  const stamped = topic.configs.get('message.timestamp.type') === 'LogAppendTime';
  const now = clock.now();
  if (stamped) stampAppendTime(batch.bytes, now);
  return {
    errorCode: codes.ok,
    baseOffset: target.log.append(batch.bytes),
    logAppendTime: stamped ? BigInt(now) : -1n,
  };
}

/** The batch, or the error code of what is wrong with it. */
function checkedBatch(bytes: Buffer, topic: Topic): BatchHeader | number {
  try {
    const batch = readBatchHeader(bytes, 0);
    if (!batch) return codes.corrupt;
    if (batch.bytes.length !== bytes.length || isControl(batch)) return codes.invalidRecord;
    const limit = Number(topic.configs.get('max.message.bytes') ?? defaultMaxMessageBytes);
    if (bytes.length > limit) return codes.tooLarge;
    checkCrc(batch);
    const lastDelta = batch.lastOffset - batch.baseOffset;
    if (batch.recordCount < 1 || lastDelta !== BigInt(batch.recordCount - 1)) return codes.invalidRecord;
    const compacted = topic.configs.get('cleanup.policy')?.includes('compact') ?? false;
    return compacted && hasRecordWithoutKey(batch) ? codes.invalidRecord : batch;
  } catch (error) {
    if (error instanceof KafkaError) return error.kafkaCode;
    throw error;
  }
}

function hasRecordWithoutKey(batch: BatchHeader): boolean {
  const records: BatchRecord[] = [];
  decodeRecords(batch, batch.baseOffset, records);
  return records.some((record) => record.key === null);
}

function checkProducer(batch: BatchHeader, target: Partition): Appended | undefined {
  if (batch.producerId === noProducerId) return undefined;
  const check = target.log.producers.check(batch);
  if (check.accept) return undefined;
  return 'baseOffset' in check
    ? { errorCode: codes.ok, baseOffset: check.baseOffset, logAppendTime: -1n }
    : refused(check.errorCode);
}

function stampAppendTime(bytes: Buffer, now: number): void {
  bytes.writeInt16BE(
    bytes.readInt16BE(batchLayout.attributes) | batchAttributes.logAppendTime,
    batchLayout.attributes,
  );
  bytes.writeBigInt64BE(BigInt(now), batchLayout.maxTimestamp);
  bytes.writeUInt32BE(crc32c(bytes, batchLayout.attributes), batchLayout.crc);
}
