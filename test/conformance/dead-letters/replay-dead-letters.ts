import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLine } from '../../../lib/foundation/logger.ts';
import { runConnector } from '../../../lib/testing/run-connector.ts';
import type { KafkaMessage } from '../../../lib/testing/kafka-messages.ts';
import { offsetsDifference, statusDifference } from '../cluster-state.ts';
import type { DeadLetterRecording, DeadLetterScenario, RecordedRecord } from './dead-letter-recording.ts';
import { labSink } from '../lab-plugins/lab-sink.ts';
import { deadLetterDifference } from './record-difference.ts';

export interface DeadLetterResult {
  readonly id: string;
  /** For a person; null: nothing differs. */
  readonly difference: string | null;
}

/** Runs each scenario's connector over the recorded input. */
export async function replayDeadLetters(recording: DeadLetterRecording): Promise<DeadLetterResult[]> {
  const topics = Object.fromEntries(
    Object.entries(recording.inputTopics).map(([topic, records]) => [topic, records.map(messageOf)]),
  );
  const results: DeadLetterResult[] = [];
  let written = '';
  for (const scenario of recording.scenarios) {
    const { difference, output } = await replayScenario(scenario, topics);
    results.push({ id: scenario.connector, difference });
    written += output;
  }
  const difference = outputDifference(recording.fileSinkOutput, written);
  return [...results, { id: 'output of the file sinks', difference }];
}

async function replayScenario(
  { connector: name, config, status, offsetsAfter, dlqRecords, logEntries }: DeadLetterScenario,
  topics: Readonly<Record<string, readonly KafkaMessage[]>>,
): Promise<{ difference: string | null; output: string }> {
  await using run = await runConnector({
    name,
    config: { ...config, ...(config['file'] === undefined ? {} : { file: `\${files:${outputFile}}` }) },
    plugins: [labSink],
    topics,
    mayFail: true,
  });
  const difference =
    statusDifference(status, run.status) ??
    offsetsDifference(offsetsAfter, run.offsets) ??
    deadLetterDifference(dlqRecords, run.raw(config['errors.deadletterqueue.topic.name'] ?? '')) ??
    logDifference(logEntries, run.log);
  const output = existsSync(join(run.folder, outputFile)) ? await run.readFile(outputFile) : '';
  return { difference, output };
}

const outputFile = 'out.txt';

const messageOf = ({ partition, timestamp, key, value, headers = [] }: RecordedRecord): KafkaMessage => ({
  partition,
  timestamp,
  key: bytesOf(key),
  value: bytesOf(value),
  headers: headers.map((header) => ({ key: header.key, value: bytesOf(header.value) })),
});

const bytesOf = (recorded: RecordedRecord['key']): Uint8Array | null =>
  recorded === null ? null : Buffer.from(recorded.bytes ?? '', 'base64');

/** The sentence of each line of Connect's LogReporter; what frames it is a matter of the log's layout. */
function logDifference(entries: readonly string[], log: readonly LogLine[]): string | null {
  const wanted = entries.flatMap(
    (entry) =>
      /(Error encountered in task .*) \(org\.apache\.kafka\.connect\.runtime\.errors\.LogReporter/.exec(
        entry,
      )?.[1] ?? [],
  );
  const got = log.map(({ message }) => message).filter((message) => message.startsWith('Error encountered'));
  const at = wanted.findIndex((line, i) => line !== got[i]);
  if (at < 0 && wanted.length === got.length) return null;
  const index = at < 0 ? wanted.length : at;
  return `log line ${index} should be ${wanted[index]}\n  but is ${got[index]}`;
}

/** What ours wrote must be there in that order; scenarios the recording leaves out wrote more in between. */
function outputDifference(recorded: string, written: string): string | null {
  let from = 0;
  const lines = recorded.split('\n');
  for (const line of written.split('\n')) {
    const at = lines.indexOf(line, from);
    if (at < 0) return `should be ${JSON.stringify(recorded)}\n  but is ${JSON.stringify(written)}`;
    from = at + 1;
  }
  return null;
}
