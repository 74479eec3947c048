import { SubmittedRecords } from '../../../lib/worker/submitted-records.ts';
import { definitely } from '../codec/decode-schema.ts';
import type { VectorCase } from '../vector-case.ts';

type Step =
  | readonly ['submit', id: string, partition: string, offset: number]
  | readonly ['ack' | 'drop', id: string]
  | readonly ['commit'];

/** Every step answers nothing, or what is compared. */
export function submitted({ input }: VectorCase): unknown {
  const records = new SubmittedRecords();
  const entries = new Map<string, ReturnType<SubmittedRecords['submit']>>();
  const run = (step: Step): unknown => {
    if (step[0] === 'commit') return commit(records);
    const [verb, id] = step;
    if (verb === 'submit') {
      const [, , partition, offset] = step;
      entries.set(
        id,
        records.submit(partition, { partition: { p: partition }, offset: { o: offset }, records: 1 }),
      );
    } else if (verb === 'drop') {
      return records.drop(definitely(entries.get(id)));
    } else {
      records.acknowledge(definitely(entries.get(id)));
    }
    return undefined;
  };
  return (input as readonly Step[]).map(run).filter((answer) => answer !== undefined);
}

function commit(records: SubmittedRecords): unknown {
  const taken = records.takeCommittable();
  return {
    offsets: Object.fromEntries([...taken.offsets].map(([id, { offset }]) => [id, offset['o']])),
    committable: taken.committableRecords,
    uncommittable: taken.uncommittableRecords,
    partitionsPending: taken.pendingPartitions,
    largestPending: taken.largestPending,
    hasPending: taken.uncommittableRecords > 0,
  };
}
