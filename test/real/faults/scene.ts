import { Herder } from '../../../lib/coordinator/herder.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { systemRandom } from '../../../lib/foundation/random.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { type FaultCluster, openFaultCluster } from './cluster.ts';
import { CoordinatorFunction } from './coordinator-function.ts';
import { directorySink } from './pipelines/directory-sink.ts';
import { growingFile } from './pipelines/growing-file.ts';
import { growingTables } from './pipelines/growing-tables.ts';
import type { Pipeline, PipelineName, PipelineSite } from './pipelines/pipeline.ts';
import { RunWatch } from './run-watch.ts';
import { WorkerFunction } from './worker-function.ts';

const open: Readonly<Record<PipelineName, (site: PipelineSite) => Promise<Pipeline>>> = {
  'at-least-once': growingFile,
  'exactly-once': growingTables,
  sink: directorySink,
};
/** The process at work, one that is or was frozen, and one that has been killed and not yet been seen to end. */
const processesAtOnce = 3;

/** A pipeline with its connector, which has its name, and its worker function. */
export interface Act {
  readonly name: PipelineName;
  readonly pipeline: Pipeline;
  readonly worker: WorkerFunction;
  readonly watch: RunWatch;
  readonly herder: Herder;
  /** Gives the coordinators something to do: the next variant of the config, so a plan and new runs. */
  readonly reconfigure: () => Promise<void>;
}

/** Everything a fault can hit. */
export interface Scene extends AsyncDisposable {
  readonly cluster: FaultCluster;
  readonly coordinator: CoordinatorFunction;
  readonly acts: ReadonlyMap<string, Act>;
}

export async function openScene(names: readonly PipelineName[]): Promise<Scene> {
  await using resources = new AsyncDisposableStack();
  const cluster = resources.use(await openFaultCluster(names.length * processesAtOnce));
  const acts = new Map<string, Act>();
  for (const name of names) {
    const pipeline = await open[name](cluster);
    resources.defer(() => pipeline.close());
    const worker = new WorkerFunction(cluster.places, {
      TABLE_NAME: cluster.environment.TABLE_NAME,
      WORKER_CONFIG: JSON.stringify(pipeline.workerConfig),
    });
    resources.defer(() => worker.lambda.close());
    acts.set(name, actOf(name, { pipeline, worker, cluster }));
  }
  const functions = new Map([...acts].map(([name, { worker }]) => [name, worker.lambda]));
  const coordinator = new CoordinatorFunction(cluster.environment, functions);
  resources.defer(() => coordinator.close());
  for (const { reconfigure } of acts.values()) await reconfigure();
  const kept = resources.move();
  return { cluster, coordinator, acts, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function actOf(
  name: PipelineName,
  { pipeline, worker, cluster }: { pipeline: Pipeline; worker: WorkerFunction; cluster: FaultCluster },
): Act {
  const { state } = cluster;
  const herder = new Herder({
    state,
    registry: new PluginRegistry(bundledPlugins),
    clock: systemClock,
    random: systemRandom,
    workerConfig: pipeline.workerConfig,
    nudge: async () => undefined,
  });
  let variant = 0;
  return {
    name,
    pipeline,
    worker,
    herder,
    watch: new RunWatch(name, state),
    reconfigure: async () => {
      variant++;
      await herder.put(name, pipeline.config(variant % 2), { worker: { functionName: name, version: '1' } });
    },
  };
}
