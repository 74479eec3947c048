import type { SinkTask } from '../../../lib/api/sink.ts';
import { dropping, sinkOf } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

/** A cluster whose sink connector `c` runs the task over the topic `t`, one partition that holds the values. */
export async function sinkCluster(
  task: () => SinkTask,
  values: readonly string[],
  config: Record<string, string> = {},
): Promise<WorkerUnderTest> {
  const under = new WorkerUnderTest([sinkOf(task), dropping]);
  under.kafka.createTopic({ topic: 't', partitions: 1 });
  under.produce('t', values);
  await under.create('c', 'test.Sink', { topics: 't', ...config });
  return under;
}
