import { topicPartition } from '../../../lib/api/topic-partition.ts';
import type { KafkaClient, KafkaProducer } from '../../../lib/kafka/ports.ts';
import type { StoredOffset } from '../../../lib/storage/items/offsets.ts';
import type { KnownBad } from './known-bad.ts';
import { override } from './override.ts';

const isLetter = (topic: string | undefined): boolean => topic?.endsWith('-dlq') === true;

const withProducer = (kafka: KafkaClient, wrap: (producer: KafkaProducer) => KafkaProducer): KafkaClient =>
  override(kafka, { producer: (options) => wrap(kafka.producer(options)) });

function oneRowLater(stored: StoredOffset): StoredOffset {
  const next = stored.offset?.['next'];
  return typeof next === 'number' ? { ...stored, offset: { next: next + 1 } } : stored;
}

/** Faults in what runs and coordinators do. */
export const badProtocol: readonly KnownBad[] = [
  {
    name: 'commit-before-ack',
    fault: 'records count as acknowledged as soon as they are sent',
    kafka: (kafka) =>
      withProducer(kafka, (producer) =>
        override(producer, {
          send: async (records, options) => {
            if (isLetter(records[0]?.topic)) return producer.send(records, options);
            producer.send(records, options).catch(() => undefined);
            return new Map(
              records.map((r) => [topicPartition(r.topic, r.partition), { baseOffset: 0n, bytes: 0 }]),
            );
          },
        }),
      ),
  },
  {
    name: 'dead-letter-failure-ignored',
    fault: 'a record is skipped although its dead letter did not arrive',
    kafka: (kafka) =>
      withProducer(kafka, (producer) =>
        override(producer, {
          send: async (records, options) => {
            try {
              return await producer.send(records, options);
            } catch (error) {
              if (!isLetter(records[0]?.topic)) throw error;
              return new Map(
                records.map((r) => [topicPartition(r.topic, r.partition), { baseOffset: 0n, bytes: 0 }]),
              );
            }
          },
        }),
      ),
  },
  {
    name: 'delivered-is-committed',
    fault: 'a sink commits what was delivered instead of what preCommit returned',
    sink: (sink) => ({
      ...sink,
      task: async () => {
        const task = await sink.task();
        return override(task, {
          preCommit: async (offsets, context) => {
            await task.preCommit?.(offsets, context);
            return undefined;
          },
        });
      },
    }),
  },
  {
    name: 'run-claimed-twice',
    fault: 'a duplicate invocation works as well',
    state: (state) =>
      override(state, {
        runs: override(state.runs, {
          get: async (connector, epoch) => {
            const run = await state.runs.get(connector, epoch);
            return (
              run && {
                ...run,
                phase: run.phase === 'STANDBY' || run.phase === 'RUNNING' ? 'GRANTED' : run.phase,
              }
            );
          },
          claim: async (connector, epoch, claim) =>
            (await state.runs.claim(connector, epoch, claim)) ?? state.runs.get(connector, epoch),
          advance: async (connector, epoch, to, token) =>
            (await state.runs.advance(connector, epoch, to, token)) || true,
        }),
      }),
  },
  {
    name: 'barrier-ignored',
    fault: 'a new split is written while runs of the old one are at work',
    state: (state) =>
      override(state, {
        snapshot: async (connector, ...rest) => {
          const { tasks, runs } = await state.snapshot(connector, ...rest);
          return { tasks, runs: runs.filter(({ phase }) => phase !== 'RUNNING' && phase !== 'STANDBY') };
        },
      }),
  },
  {
    name: 'rows-skipped',
    fault: 'a run begins one row after the last commit',
    state: (state) =>
      override(state, {
        offsets: override(state.offsets, {
          claim: async (...given) => oneRowLater(await state.offsets.claim(...given)),
          read: async (...given) => oneRowLater(await state.offsets.read(...given)),
        }),
      }),
  },
];
