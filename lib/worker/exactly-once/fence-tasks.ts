import { toConnectError } from '../../api/errors.ts';
import { describeError } from '../../errors/describe-error.ts';
import { reserve } from '../../foundation/deadline.ts';
import type { CallOptions, KafkaClient } from '../../kafka/ports.ts';
import { transactionalId } from '../../plugins/exactly-once-names.ts';
import type { InvocationContext } from '../invocation.ts';
import type { FenceRequest, FenceResponse } from '../protocol.ts';
import type { WorkerDeps } from '../worker-deps.ts';

const answerMs = 2_000;
const atOnce = 8;
/** Nothing is ever sent in the transaction this would bound. */
const timeoutMs = 60_000;

/**
 * Fences the transactional ids of a generation that is over, so that no run of it can commit any more when the tasks
 * of the next one read their offsets: a source partition may have moved to a task with another id. Called by the
 * coordinator, which never touches Kafka itself. A failure is an answer, not an exception.
 */
export async function fenceTasks(
  { connector, tasks }: FenceRequest,
  invocation: InvocationContext,
  deps: WorkerDeps,
): Promise<FenceResponse> {
  try {
    const kafka = await deps.kafka();
    await kafka.ensureFresh();
    await fence(kafka, idsOf(deps.workerConfig, connector, tasks), {
      signal: invocation.signal,
      deadline: reserve(invocation.deadline, answerMs),
    });
    return { ok: true };
  } catch (thrown) {
    const error = toConnectError(thrown);
    // Fenced itself: somebody fences the same ids, and may have left some.
    const retriable = error.retriable || error.code === 'FENCED';
    return { ok: false, retriable, trace: describeError(error) };
  }
}

export const idsOf = (workerConfig: WorkerDeps['workerConfig'], connector: string, tasks: number): string[] =>
  Array.from({ length: tasks }, (_, task) => transactionalId(workerConfig, connector, task));

/** Initialises each id: what was open under it is aborted, and whoever wrote under it is fenced. */
export async function fence(
  kafka: KafkaClient,
  transactionalIds: readonly string[],
  call: CallOptions,
): Promise<void> {
  const left = [...transactionalIds];
  const one = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const producer = kafka.transactional(id, { timeoutMs });
      try {
        await producer.init(call);
      } finally {
        await producer.close();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}
