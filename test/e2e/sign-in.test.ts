import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DevBroker, startDevBroker } from '../../lib/kafka/dev-broker/dev-broker.ts';
import { runCli } from './run-cli.ts';

describe('a Kafka that wants a login', () => {
  let folder: string;
  let broker: DevBroker;
  const path = (name: string): string => join(folder, name);
  const login = async (password: string): Promise<string> => {
    const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
    const lines = [
      'security.protocol=SASL_PLAINTEXT',
      'sasl.mechanism=PLAIN',
      `sasl.jaas.config=${module} required username="ann" password="${password}";`,
    ];
    await writeFile(path('client.properties'), lines.join('\n'));
    return path('client.properties');
  };
  const connector = async (name: string, config: Readonly<Record<string, string>>): Promise<string> => {
    await writeFile(path(`${name}.json`), JSON.stringify({ name, config }));
    return path(`${name}.json`);
  };
  const converter = { 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' };
  const source = () =>
    connector('in', {
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 'lines',
      ...converter,
    });
  const sink = () =>
    connector('out', {
      'connector.class': 'FileStreamSink',
      file: path('out.txt'),
      topics: 'lines',
      ...converter,
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
    broker = await startDevBroker({ user: { username: 'ann', password: 'sesame' } });
    await writeFile(path('in.txt'), 'one\ntwo\n');
  });
  afterEach(async () => {
    await broker.close();
    await rm(folder, { recursive: true, force: true });
  });
  const kafka = async (password: string): Promise<string[]> => [
    '--bootstrap-server',
    broker.bootstrapServers,
    '--command-config',
    await login(password),
  ];

  it('is used by dev and preview with the login of --command-config', async () => {
    const dev = await runCli(['dev', '--once', ...(await kafka('sesame')), await source(), await sink()]);
    expect(dev).toMatchObject({ code: 0, error: '' });
    expect(await readFile(path('out.txt'), 'utf8')).toBe('one\ntwo\n');
    const preview = await runCli(['preview', ...(await kafka('sesame')), await sink()]);
    expect(preview).toMatchObject({ code: 0, error: '' });
    expect(preview.out).toContain('2 record(s)');
  });

  it('is told with what to do when the login is wrong, and the password is nowhere', async () => {
    for (const command of [['dev', '--once'], ['preview']]) {
      const run = await runCli([...command, ...(await kafka('wrong-one')), await sink()]);
      expect(run.code).toBe(1);
      expect(run.error).toContain('Invalid username or password');
      expect(run.error).toContain('Check the username and the password');
      expect(run.out + run.error).not.toContain('wrong-one');
    }
  });

  it('is to be named beside its login', async () => {
    const run = await runCli(['dev', '--command-config', await login('sesame'), await source()]);
    expect(run.code).toBe(1);
    expect(run.error).toContain('--bootstrap-server');
  });
});
