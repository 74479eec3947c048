import { ConfigDef } from '../../../../lib/api/config-def.ts';
import type { SourcePlugin } from '../../../../lib/api/connector.ts';
import type { SourceTaskContext } from '../../../../lib/api/context.ts';
import type { SourceRecord } from '../../../../lib/api/record.ts';

export interface Growing {
  /** There are the numbers below it; a test lets it grow. */
  end: number;
  /** Begins at 0 without asking what is committed. */
  blind?: boolean;
  readonly perPoll?: number;
  /** How long a poll takes, milliseconds. */
  readonly pollMs?: number;
  /** Called with each batch before it is handed over. */
  readonly onPoll?: (batch: readonly SourceRecord[], context: SourceTaskContext) => void;
  readonly hooks?: { readonly commitRecord?: (value: string, offset: bigint | null) => void };
}

export const growingPartition = { p: 'a' };

/** Emits the numbers there are, each once, to topic `numbers`. */
export const growingSource = (growing: Growing): SourcePlugin => ({
  kind: 'source',
  class: 'test.Growing',
  version: '1',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
  connector: async () => ({ taskConfigs: () => [{}] }),
  task: async () => {
    let next = 0;
    return {
      start: async (_config, { offsets }) => {
        if (growing.blind !== true) next = Number((await offsets.get(growingPartition))?.['next'] ?? 0);
      },
      poll: async (context) => {
        const { end, perPoll = 3, pollMs = 0, onPoll } = growing;
        if (pollMs > 0) await context.clock.sleep(pollMs, context.signal);
        const count = Math.max(0, Math.min(perPoll, end - next));
        if (count === 0) return null;
        const batch = Array.from({ length: count }, (_, i) => ({
          sourcePartition: growingPartition,
          sourceOffset: { next: next + i + 1 },
          topic: 'numbers',
          kafkaPartition: 0,
          value: String(next + i),
        }));
        next += count;
        onPoll?.(batch, context);
        return batch;
      },
      commitRecord: (record, metadata) =>
        growing.hooks?.commitRecord?.(String(record.value), metadata?.offset ?? null),
    };
  },
});

export const numbers = (end: number): string[] => Array.from({ length: end }, (_, n) => String(n));
