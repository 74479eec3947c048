import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { MemoryCluster } from '../../../lib/testing/memory-cluster.ts';
import { offsetsDifference, statusDifference } from '../cluster-state.ts';
import type { DeadLetterRecording, DeadLetterScenario, RecordedRecord } from './dead-letter-recording.ts';
import { labSink } from './lab-sink.ts';
import { deadLetterDifference } from './record-difference.ts';

const cadence = { mode: 'drain', rediscoveryMs: 3_600_000 } as const;

/** Runs each scenario's connector over the recorded input; scenario → what differs, null: nothing. */
export async function replayDeadLetters(
  recording: DeadLetterRecording,
): Promise<readonly { readonly id: string; readonly difference: string | null }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-dead-letters-'));
  const results: { id: string; difference: string | null }[] = [];
  let written = '';
  try {
    for (const scenario of recording.scenarios) {
      const file = join(folder, scenario.connector);
      results.push({
        id: scenario.connector,
        difference: await replayScenario(scenario, recording.inputTopics, file),
      });
      if (existsSync(file)) written += readFileSync(file, 'utf8');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  results.push({
    id: 'output of the file sinks',
    difference: outputDifference(recording.fileSinkOutput, written),
  });
  return results;
}

async function replayScenario(
  scenario: DeadLetterScenario,
  inputTopics: DeadLetterRecording['inputTopics'],
  file: string,
): Promise<string | null> {
  const { connector: name, config } = scenario;
  const cluster = new MemoryCluster({ plugins: [...bundledPlugins, labSink], cadence });
  for (const [topic, records] of Object.entries(inputTopics)) fill(cluster, topic, records);
  await cluster.add(name, { ...config, ...(config['file'] === undefined ? {} : { file }) });
  await cluster.drain(name);
  const { state, kafka } = cluster;
  const connector = await state.connectors.get(name);
  if (connector === undefined) return 'the connector is gone';
  return (
    statusDifference(scenario.status, await connectorStatus(connector, state)) ??
    offsetsDifference(scenario.offsetsAfter, await state.offsets.list(name)) ??
    deadLetterDifference(
      scenario.dlqRecords,
      kafka.records(config['errors.deadletterqueue.topic.name'] ?? ''),
    ) ??
    logDifference(scenario.logEntries, cluster)
  );
}

function fill({ kafka }: MemoryCluster, topic: string, records: readonly RecordedRecord[]): void {
  kafka.createTopic({ topic, partitions: 1 + Math.max(0, ...records.map(({ partition }) => partition)) });
  for (const { partition, timestamp, key, value, headers = [] } of records) {
    kafka.append({
      topic,
      partition,
      timestamp,
      key: bytesOf(key),
      value: bytesOf(value),
      headers: headers.map((header) => ({ key: header.key, value: bytesOf(header.value) })),
    });
  }
}

const bytesOf = (recorded: RecordedRecord['key']): Uint8Array | null =>
  recorded === null ? null : Buffer.from(recorded.bytes, 'base64');

/** The sentence of each line of Connect's LogReporter; what frames it is a matter of the log's layout. */
function logDifference(entries: readonly string[], { log }: MemoryCluster): string | null {
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
