import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Random } from '../../foundation/random.ts';
import type { KafkaConnectOptions } from '../ports.ts';

/** What every part of the adapter needs from outside. */
export interface ClientContext {
  readonly options: KafkaConnectOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}
