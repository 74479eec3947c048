import { KafkaError } from '../kafka/kafka-error.ts';
import type { Intercept } from '../kafka/memory/memory-kafka.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import { dyingAt } from './mortality.ts';

/** What goes wrong in one run of `runConnector`. */
export interface Faults {
  /**
   * Kills the process of the first task that runs at its n-th call (from 1) to the table or to Kafka. `applied`: the
   * call still took effect, only its answer is lost. Default false. `onCall` is told the number of each call.
   */
  readonly kill?: {
    readonly atCall: number;
    readonly applied?: boolean;
    readonly onCall?: (count: number) => void;
  };
  /** Kafka refuses this many calls, from the n-th one on (from 1). */
  readonly outage?: { readonly fromCall: number; readonly calls: number };
}

/** Arms the cluster for its next run; what is left of earlier faults is taken away. */
export function arm(cluster: MemoryCluster, { kill, outage }: Faults): void {
  cluster.mortality =
    kill && dyingAt(kill.atCall, kill.applied ?? false, kill.onCall && { onCall: kill.onCall });
  cluster.intercept = outage && refusing(outage.fromCall, outage.calls);
}

function refusing(from: number, calls: number): Intercept {
  let count = 0;
  return (_operation, phase) => {
    if (phase === 'after') return;
    count++;
    if (count < from || count >= from + calls) return;
    throw new KafkaError('The broker cannot be reached (an outage of the test)', {
      kafkaCode: -1,
      kafkaName: 'NETWORK_EXCEPTION',
      retriable: true,
    });
  };
}
