import type { SourcePlugin } from '../api/connector.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import { isExactlyOnceEnabled } from '../plugins/worker-config.ts';
import { AtLeastOnceDelivery } from './at-least-once-delivery.ts';
import { runExactlyOnce } from './exactly-once/run-exactly-once.ts';
import { sourceTaskContext } from './plugin-context.ts';
import { moveSource } from './source-task-runner.ts';
import type { RunEnd, RunScope } from './task-runner.ts';

/** Runs one source task: exactly-once where Kafka Connect would, when its worker is set so, else at least once. */
export async function runSourceTask(
  plugin: SourcePlugin,
  scope: RunScope,
  kafka: KafkaClient,
): Promise<RunEnd> {
  if (isExactlyOnceEnabled(scope.deps.workerConfig)) return runExactlyOnce(plugin, scope, kafka);
  return moveSource(plugin, scope, kafka, {
    context: sourceTaskContext(scope),
    delivery: (parts) => new AtLeastOnceDelivery(parts),
  });
}
