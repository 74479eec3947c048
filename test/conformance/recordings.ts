import { basename } from 'node:path';
import { readDeadLetters } from './dead-letters/dead-letter-recording.ts';
import { replayDeadLetters } from './dead-letters/replay-dead-letters.ts';
import { replayExactlyOnce } from './internal-topics/replay-exactly-once.ts';
import { replayInternalTopics } from './internal-topics/replay-internal-topics.ts';
import { readExactlyOnce, readInternalTopics } from './internal-topics/topic-recording.ts';
import { readCases, replay, type Report } from './replay.ts';
import { replayTrace } from './traces/replay-traces.ts';
import { readScenarios } from './traces/trace-recording.ts';

/** What a file of recordings is replayed as. */
export type Recording = 'cases' | 'dlq' | 'traces' | 'eos' | 'internal-topics';

const whole = ['dlq', 'traces', 'eos', 'internal-topics'] as const;

/** By its name, as the recorder names them; undefined: nothing here replays it. */
export function recordingOf(file: string): Recording | undefined {
  const name = basename(file).replace(/\.gz$/, '');
  if (name.endsWith('.jsonl')) return 'cases';
  return whole.find((recording) => name === `${recording}.json`);
}

export async function replayFile(path: string, recording: Recording): Promise<Report> {
  switch (recording) {
    case 'cases':
      return replay(readCases(path));
    case 'dlq':
      return reportOf(await replayDeadLetters(readDeadLetters(path)));
    case 'eos':
      return reportOf(await replayExactlyOnce(readExactlyOnce(path)));
    case 'internal-topics':
      return reportOf(await replayInternalTopics(readInternalTopics(path)));
    case 'traces': {
      const results = [];
      for (const scenario of readScenarios(path))
        results.push({ id: scenario.id, difference: await replayTrace(scenario) });
      return reportOf(results);
    }
  }
}

const reportOf = (results: readonly { id: string; difference: string | null }[]): Report => ({
  passed: results.filter(({ difference }) => difference === null).length,
  failures: results.flatMap(({ id, difference }) => (difference === null ? [] : [{ id, difference }])),
  skipped: new Map(),
});
