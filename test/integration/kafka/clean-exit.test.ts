import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const lib = join(import.meta.dirname, '../../../lib');

/** Uses broker and client, closes them, and says so; nothing ends the process but that nothing keeps it. */
const script = `
  import { startDevBroker } from '${lib}/kafka/dev-broker/dev-broker.ts';
  import { connectKafka } from '${lib}/kafka/client/connect-kafka.ts';
  import { deadlineIn } from '${lib}/foundation/deadline.ts';
  import { systemClock } from '${lib}/foundation/clock.ts';
  const call = { deadline: deadlineIn(10_000, systemClock) };
  const broker = await startDevBroker();
  const client = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'exit' });
  await client.createTopics([{ topic: 't', partitions: 1, replicationFactor: -1 }], call);
  await client.producer({}).send([{ topic: 't', partition: 0, key: null, value: null, timestamp: null }], call);
  for (let round = 0; round < 5; round++) await client.listTopics(call);
  await client.close();
  await broker.close();
  console.log('closed');
`;

describe('a process that uses the adapter', () => {
  it('ends once it is closed, and Node has nothing to warn of', async () => {
    const node = promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], {
      timeout: 20_000,
    });
    expect(await node).toEqual({ stdout: 'closed\n', stderr: '' });
  });
});
