import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import type { BatchLog } from '../../unit/kafka/record-batch/batch-log.ts';

/** A dev broker that finds these logs in its folder, one for each partition: batches no producer could send it. */
export async function brokerWithLogs(topic: string, logs: readonly BatchLog[]): Promise<DevBroker> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-stored-log-'));
  const state = {
    formatVersion: 1,
    topics: [{ topic, partitions: logs.length, configs: [] }],
    nextProducerId: '1000',
    transactionalIds: [],
    groupOffsets: [],
  };
  await writeFile(join(directory, 'state.json'), JSON.stringify(state));
  for (const [partition, log] of logs.entries())
    await writeFile(join(directory, `${topic}-${partition}.log`), log.bytes());
  const broker = await startDevBroker({ directory });
  const close = async (): Promise<void> => {
    await broker.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { ...broker, close, [Symbol.asyncDispose]: close };
}
