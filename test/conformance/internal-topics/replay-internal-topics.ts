import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { OffsetMap } from '../../../lib/api/record.ts';
import type { OffsetChange } from '../../../lib/worker/exactly-once/alter-logged-offsets.ts';
import { asRecorded, isOffsetsTopic, valuesByKey, valuesDifference } from './offsets-by-key.ts';
import type { TopicResult } from './replay-exactly-once.ts';
import type { InternalTopicsRecording, TopicRecord } from './topic-recording.ts';
import { WorkerReplay } from './worker-replay.ts';

type Action = InternalTopicsRecording['actions'][number];

/**
 * Does what was done to the recorded worker, and compares the offsets topic: what each action left under each key.
 * That worker was not exactly-once and wrote an offset now and then; an exactly-once one writes every one, so that
 * only the last of an action counts.
 */
export async function replayInternalTopics(recording: InternalTopicsRecording): Promise<TopicResult[]> {
  const found = Object.entries(recording.topics).find(([, records]) => isOffsetsTopic(records));
  if (found === undefined) throw new Error('The recording has no offsets topic');
  const [topic, wanted] = found;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-internal-'));
  try {
    const files = new ReplayedFiles(folder, wanted);
    const worker = new WorkerReplay('connect-cluster', topic);
    const left: TopicRecord[] = [];
    let seen = 0;
    for (const action of recording.actions) {
      await act(worker, action, files);
      await worker.settle();
      const records = worker.cluster.kafka.records(topic).map(asRecorded).map(files.recorded);
      for (const [key, values] of valuesByKey(records.slice(seen)))
        left.push({ offset: 0, key, value: values.at(-1) ?? null });
      seen = records.length;
    }
    const difference = valuesDifference(topic, valuesByKey(wanted), valuesByKey(left));
    return [{ id: topic, difference }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files of the recorded machine, in a folder of this one: as long as they have been read there. */
class ReplayedFiles {
  readonly #folder: string;
  readonly #length: number;
  readonly #paths = new Map<string, string>();

  constructor(folder: string, wanted: readonly TopicRecord[]) {
    this.#folder = folder;
    this.#length = Math.max(
      0,
      ...wanted.map(({ value }) =>
        Number((JSON.parse(value ?? '{}') as { position?: number }).position ?? 0),
      ),
    );
  }

  async config(config: ConnectorConfig): Promise<ConnectorConfig> {
    const recorded = config['file'];
    if (recorded === undefined) return config;
    return { ...config, file: await this.#path(recorded) };
  }

  /** The partition as ours is to have it. */
  async partition(partition: OffsetMap): Promise<OffsetMap> {
    const { filename } = partition;
    return typeof filename === 'string' ? { filename: await this.#path(filename) } : partition;
  }

  /** A record of ours with the paths of the recording. */
  recorded = (record: TopicRecord): TopicRecord => {
    let { key } = record;
    for (const [recorded, ours] of this.#paths) key = key?.replace(ours, recorded) ?? null;
    return { ...record, key };
  };

  async #path(recorded: string): Promise<string> {
    const known = this.#paths.get(recorded);
    if (known !== undefined) return known;
    const ours = join(this.#folder, String(this.#paths.size));
    this.#paths.set(recorded, ours);
    await writeFile(ours, 'a\n'.repeat(this.#length).slice(0, this.#length - 1) + '\n');
    return ours;
  }
}

async function act(worker: WorkerReplay, { request, status }: Action, files: ReplayedFiles): Promise<void> {
  const { method, path, body } = request;
  if (status >= 400) return;
  const [, name = '', rest = ''] = /^\/connectors\/([^/?]+)\/?(.*)$/.exec(path) ?? [];
  if (method === 'POST' && path === '/connectors') {
    const created = body as { name: string; config: ConnectorConfig; initial_state?: string };
    const state = (created.initial_state ?? 'RUNNING') as 'RUNNING' | 'PAUSED' | 'STOPPED';
    await worker.create(created.name, await files.config(created.config), state);
  } else if (method === 'PUT' && rest === 'config') {
    await worker.put(name, await files.config(body as ConnectorConfig));
  } else if (method === 'PUT' && rest === 'pause') await worker.target(name, 'PAUSED');
  else if (method === 'PUT' && rest === 'stop') await worker.target(name, 'STOPPED');
  else if (method === 'PUT' && rest === 'resume') await worker.target(name, 'RUNNING');
  else if (method === 'POST' && rest.startsWith('restart')) {
    const options = new URL(path, 'http://worker').searchParams;
    await worker.restart(name, {
      includeTasks: options.get('includeTasks') === 'true',
      onlyFailed: options.get('onlyFailed') === 'true',
    });
  } else if (method === 'PATCH' && rest === 'offsets') {
    await worker.alter(name, await changesOf(body, files));
  } else if (method === 'DELETE' && rest === 'offsets') {
    await worker.alter(name, await worker.reset(name));
  } else if (method === 'DELETE' && rest === '') await worker.delete(name);
}

async function changesOf(body: unknown, files: ReplayedFiles): Promise<OffsetChange[]> {
  const { offsets } = body as { offsets: { partition: OffsetMap; offset: OffsetMap | null }[] };
  return Promise.all(
    offsets.map(
      async ({ partition, offset }): Promise<OffsetChange> => [await files.partition(partition), offset],
    ),
  );
}
