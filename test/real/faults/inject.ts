import { systemClock } from '../../../lib/foundation/clock.ts';
import { realTiming } from '../spine/timing.ts';
import type { Fault, FaultKind } from './fault-schedule.ts';
import type { Act, Scene } from './scene.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import type { WorkerFunction } from './worker-function.ts';

/** Brings about one fault and ends it; answers what was done. */
export async function inject(fault: Fault, scene: Scene): Promise<string> {
  const act = scene.acts.get(fault.pipeline);
  if (act === undefined) throw new Error(`There is no pipeline ${fault.pipeline}`);
  return injectors[fault.kind](fault, act, scene);
}

const injectors: Readonly<Record<FaultKind, (fault: Fault, act: Act, scene: Scene) => Promise<string>>> = {
  'worker killed': async (_, { worker, name }) => {
    worker.lambda.kill();
    return `worker of ${name} killed`;
  },
  'worker frozen': async ({ lastsMs }, { worker, name }) => {
    const frozenMs = 2 * realTiming.leaseMs + lastsMs / 4;
    const thaw = await worker.freeze();
    try {
      await systemClock.sleep(frozenMs);
    } finally {
      thaw();
    }
    return `worker of ${name} frozen for ${seconds(frozenMs)}`;
  },
  'worker cut from Kafka': (fault, { worker, name }) =>
    cutOff(worker, worker.place.kafka, fault, `${name} from Kafka`),
  'worker cut from DynamoDB': (fault, { worker, name }) =>
    cutOff(worker, worker.place.dynamodb, fault, `${name} from DynamoDB`),
  'coordinator killed': async ({ death }, act, { coordinator }) => {
    const limit = AbortSignal.timeout(deathMs);
    let isOver = false;
    const died = coordinator.dieAt(death, limit).finally(() => (isOver = true));
    // A config of few tasks may be done with before that many writes: then the next one.
    while (!isOver) {
      await act.reconfigure();
      await Promise.race([died, systemClock.sleep(changeMs)]);
    }
    const { writes, when, counting } = death;
    const place = `${when} write ${writes}${counting === 'steps' ? ' of the work' : ''}`;
    if (!(await died)) throw new Error(`The coordinator did not come to die ${place} in ${seconds(deathMs)}`);
    return `coordinator killed ${place}, while ${act.name} had new configs`;
  },
  'two coordinators': async ({ lastsMs }, act, { coordinator }) => {
    const endSecond = coordinator.startSecond();
    try {
      for (let changes = 0; changes < 3; changes++) {
        await systemClock.sleep(secondMs + lastsMs / 6);
        await act.reconfigure();
      }
    } finally {
      await endSecond();
    }
    return `a second coordinator beside the first, while ${act.name} had three new configs`;
  },
  'broker killed': async (_, __, { cluster }) => {
    await cluster.broker.restart('SIGKILL');
    return 'broker killed and started again';
  },
  'broker restarted': async (_, __, { cluster }) => {
    await cluster.broker.restart('SIGTERM');
    return 'broker shut down in order and started again';
  },
};

/** A coordinator has that much to do while a config changes, within the lease and a few ticks. */
const deathMs = 60_000;
const changeMs = 5_000;
const secondMs = 1_000;

/** Of the process that is at work now; another one may be before it is healed. */
async function cutOff(
  worker: WorkerFunction,
  proxy: TcpProxy,
  { cut, lastsMs, killedInTheEnd }: Fault,
  what: string,
): Promise<string> {
  if (cut === 'once') {
    proxy.cut();
    return `worker of ${what}: connections cut once`;
  }
  proxy.become(cut);
  try {
    await systemClock.sleep(lastsMs);
    if (killedInTheEnd) worker.lambda.kill();
  } finally {
    proxy.become('open');
  }
  return `worker of ${what}: ${cut} for ${seconds(lastsMs)}${killedInTheEnd ? ', then killed' : ''}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
