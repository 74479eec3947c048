import { toConnectError } from '../api/errors.ts';
import { describeError } from '../errors/describe-error.ts';
import type { FenceResponse } from '../worker/protocol.ts';
import type { Pass } from './pass.ts';

const nothingToDo: FenceResponse = { ok: true };

/**
 * The end of a generation of exactly-once tasks: no run is live, as far as anybody knows, and one that was declared
 * dead may still wake up in the middle of a transaction. Its transactional id is fenced before the new tasks read
 * their offsets. One task before and one after share their id: the new run's own init does it, as in Kafka Connect.
 *
 * How many ids there are is remembered in the connector (`transactionalTasks`) until they are fenced, also while it
 * is stopped or deleted.
 */
export async function fenceLastGeneration(pass: Pass, tasksAfter: number): Promise<FenceResponse> {
  const { name, worker, transactionalTasks: tasks } = pass.connector;
  if (tasks === 0 || (tasks === 1 && tasksAfter === 1)) return nothingToDo;
  try {
    const answer = await pass.deps.invoker.fence(worker, { op: 'fence', connector: name, tasks });
    if (answer.ok) pass.log.info('transactional ids fenced', { tasks });
    return answer;
  } catch (thrown) {
    const error = toConnectError(thrown);
    return { ok: false, retriable: error.retriable, trace: describeError(error) };
  }
}
