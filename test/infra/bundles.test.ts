import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectCluster, ConnectorConfig, KafkaCluster } from '../../infra/index.ts';
import { jdbcKeys } from './test-stack.ts';

const kilobyte = 1_000;

function synthesizable(outdir: string): { app: App; stack: Stack } {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Test');
  const cluster = new ConnectCluster(stack, 'Connect', {
    groupId: 'shop',
    kafka: KafkaCluster.bootstrapServers('b1:9092'),
    plugins: ['test/unit/functions/stub-plugin.ts'],
  });
  cluster.addConnector('orders', {
    config: ConnectorConfig.fromObject({ ...jdbcKeys, 'value.converter': 'StringConverter' }),
  });
  cluster.addConnector('own', {
    config: ConnectorConfig.fromObject({ 'connector.class': 'StubSource', table: 'orders' }),
  });
  return { app, stack };
}

describe('the bundle of a function', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'sluice-bundles-'));
  const folders = new Map<string, string>();

  beforeAll(() => {
    const { app, stack } = synthesizable(outdir);
    app.synth();
    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    for (const { Properties } of functions as {
      Properties: { FunctionName: string; Code: { S3Key: string } };
    }[]) {
      folders.set(
        Properties.FunctionName,
        join(outdir, `asset.${Properties.Code.S3Key.replace('.zip', '')}`),
      );
    }
  });

  afterAll(() => {
    rmSync(outdir, { recursive: true });
  });

  const files = (name: string): string[] =>
    readdirSync(folders.get(name) ?? '', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.mjs'))
      .map((file) => join(folders.get(name) ?? '', file));
  const text = (name: string): string =>
    files(name)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');

  /** The file and what it imports outright: for the entry, what Node.js parses before the first event. */
  function parsedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
    if (seen.has(file)) return seen;
    seen.add(file);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*"(\.[^"]+\.mjs)"/g))
      parsedWith(join(dirname(file), path), seen);
    return seen;
  }
  const parsedAtStart = (entry: string): number =>
    [...parsedWith(entry)].reduce((sum, file) => sum + statSync(file).size, 0);
  const parsedText = (file: string): string =>
    [...parsedWith(file)].map((path) => readFileSync(path, 'utf8')).join('\n');

  it.each([
    ['shop-coordinator', 400],
    ['shop-connector-resource', 555],
    ['shop-orders', 500],
  ])('parses little at a cold start: %s at most %i KB', (name, budget) => {
    const size = parsedAtStart(join(folders.get(name) ?? '', 'index.mjs'));
    expect(size).toBeGreaterThan(100 * kilobyte);
    expect(size).toBeLessThanOrEqual(budget * kilobyte);
  });

  it('of a connector holds its plugin and its converters, and no others', () => {
    const orders = text('shop-orders');
    for (const name of [
      'JdbcSourceConnector',
      'json.JsonConverter',
      'SimpleHeaderConverter',
      'StringConverter',
    ])
      expect(orders).toContain(name);
    for (const name of ['FileStreamSourceConnector', 'DirectorySinkConnector'])
      expect(orders).not.toContain(name);
  });

  it('of a connector of the user holds that, and so does the function that checks configs', () => {
    expect(text('shop-own')).toContain('test.StubSourceConnector');
    expect(text('shop-connector-resource')).toContain('test.StubSourceConnector');
    expect(text('shop-orders')).not.toContain('test.StubSourceConnector');
    expect(text('shop-own')).not.toContain('JdbcSourceConnector');
  });

  it('of the coordinator holds neither a connector nor a Kafka client', () => {
    const coordinator = text('shop-coordinator');
    for (const name of ['JdbcSourceConnector', 'JsonConverter', 'SaslHandshake'])
      expect(coordinator).not.toContain(name);
  });

  it('keeps vendor clients out of what is parsed at a cold start', () => {
    const entry = readFileSync(join(folders.get('shop-orders') ?? '', 'index.mjs'), 'utf8');
    const all = text('shop-orders');
    for (const trace of ['SaslHandshake', 'Server Key', 'kafka-cluster:Connect', 'client_credentials']) {
      expect(all).toContain(trace);
      expect(entry).not.toContain(trace);
    }
  });

  it('loads what signs in with IAM or OAuth only where a cluster does', () => {
    const [client = ''] = files('shop-orders').filter((file) => basename(file).startsWith('connect-kafka-'));
    expect(parsedText(client)).toContain('SaslHandshake');
    for (const trace of ['kafka-cluster:Connect', 'client_credentials'])
      expect(parsedText(client)).not.toContain(trace);
  });

  it.each(['shop-coordinator', 'shop-connector-resource', 'shop-orders'])(
    'starts on Node.js as it is: %s',
    (name) => {
      const entry = join(folders.get(name) ?? '', 'index.mjs');
      const script = `const { handler } = await import(${JSON.stringify(entry)}); process.stdout.write(typeof handler);`;
      const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        env: { SLUICE_TABLE: 'table', SLUICE_BOOTSTRAP_SERVERS: 'b1:9092', AWS_REGION: 'eu-central-1' },
      });
      expect(run).toMatchObject({ stdout: 'function', stderr: '', status: 0 });
    },
  );

  it('is the same when nothing has changed', () => {
    const again = mkdtempSync(join(tmpdir(), 'sluice-bundles-'));
    synthesizable(again).app.synth();
    const assets = (folder: string): string[] =>
      readdirSync(folder).filter((name) => name.startsWith('asset.'));
    expect(assets(again).toSorted()).toEqual(assets(outdir).toSorted());
    rmSync(again, { recursive: true });
  });
});
