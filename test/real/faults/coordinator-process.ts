import { RetriableError } from '../../../lib/api/errors.ts';
import type { WorkerInvoker } from '../../../lib/coordinator/invoker.ts';
import { tick } from '../../../lib/coordinator/tick.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { createLogger } from '../../../lib/foundation/logger.ts';
import { systemRandom } from '../../../lib/foundation/random.ts';
import { localDynamodbConfig } from '../../../lib/local/dynalite.ts';
import { dynamodbClient } from '../../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../../lib/storage/dynamodb/dynamodb-table.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import type { FenceResponse, PlanResponse } from '../../../lib/worker/protocol.ts';
import { realCadence, realTiming } from '../spine/timing.ts';
import type { InvokeMessage, ToCoordinator } from './coordinator-messages.ts';
import { mortalTable } from './mortal-table.ts';

/** The coordinator function's process: ticks until it is killed, reaches worker functions through its parent. */
const tickMs = 300;
const env = process.env;
const log = createLogger((line) => process.stderr.write(`${JSON.stringify(line)}\n`), 'warn');
const client = dynamodbClient(localDynamodbConfig(env['DYNAMODB_ENDPOINT'] ?? ''));
const { table, arrange } = mortalTable(
  dynamodbTable({ client, tableName: env['TABLE_NAME'] ?? '', log }),
  () => process.kill(process.pid, 'SIGKILL'),
);
const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
let requests = 0;

function invoke(functionName: string, request: InvokeMessage['request']): Promise<unknown> {
  const id = ++requests;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    process.send?.({ id, functionName, request } satisfies InvokeMessage);
  });
}

const invoker: WorkerInvoker = {
  plan: async ({ functionName }, request) => (await invoke(functionName, request)) as PlanResponse,
  fence: async ({ functionName }, request) => (await invoke(functionName, request)) as FenceResponse,
  run: async ({ functionName }, request) => {
    await invoke(functionName, request);
  },
};

process.on('message', (message: ToCoordinator) => {
  if ('die' in message) return arrange(message.die);
  const { resolve, reject } = waiting.get(message.id) ?? {};
  waiting.delete(message.id);
  if (message.error === undefined) resolve?.(message.answer);
  else reject?.(new RetriableError(message.error));
});
process.once('disconnect', () => process.exit());

const deps = {
  state: clusterState(table),
  invoker,
  clock: systemClock,
  random: systemRandom,
  log,
  timing: realTiming,
  cadence: realCadence,
};
for (;;) {
  await tick(deps);
  await systemClock.sleep(tickMs);
}
