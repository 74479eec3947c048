import { isTrue } from '../api/config.ts';
import type { SinkOffsets } from '../api/context.ts';
import { splitTopicPartition } from '../api/topic-partition.ts';
import { deadlineIn } from '../foundation/deadline.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import type { RunScope } from './task-runner.ts';

/** A picture for lag tools is not worth more of a run's time. */
const patienceMs = 5_000;

/** The consumer group a sink has in Kafka Connect. */
export const groupOf = (config: RunScope['config'], connector: string): string =>
  config['consumer.override.group.id']?.trim() || `connect-${connector}`;

/**
 * `lambda.group.offsets=true`: shows a sink's committed offsets in the consumer group it would have in Kafka Connect,
 * where tools look for lag. Only a picture: it is never read, and when it cannot be drawn the run goes on.
 */
export class GroupMirror {
  readonly #scope: RunScope;
  readonly #kafka: KafkaClient;
  readonly #isWanted: boolean;
  #hasFailed = false;

  constructor(scope: RunScope, kafka: KafkaClient) {
    this.#scope = scope;
    this.#kafka = kafka;
    this.#isWanted = isTrue(scope.config['lambda.group.offsets']);
  }

  async show(offsets: SinkOffsets): Promise<void> {
    if (!this.#isWanted || offsets.size === 0) return;
    const { config, connector, deps, log, signal } = this.#scope;
    const group = groupOf(config, connector.name);
    const shown = [...offsets].map(([partition, offset]) => ({ ...splitTopicPartition(partition), offset }));
    try {
      await this.#kafka.commitGroupOffsets(group, shown, {
        signal,
        deadline: deadlineIn(patienceMs, deps.clock),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!this.#hasFailed)
        log.warn('the offsets in the table are stored, but the consumer group cannot be brought up to them', {
          group,
          error: String(error),
        });
      this.#hasFailed = true;
    }
  }
}
