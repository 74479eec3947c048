import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

interface Template {
  readonly Parameters: Record<string, { readonly Type: string; readonly Default?: string }>;
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Runs the app as `cdk synth` does, without an account. */
function synth(environment: Record<string, string> = {}, context: Record<string, unknown> = {}): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'sluice-app-'));
  folders.push(outdir);
  const run = spawnSync(process.execPath, ['infra/app.ts'], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'] ?? '',
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context }),
      ...environment,
    },
  });
  expect(run).toMatchObject({ status: 0 });
  return JSON.parse(readFileSync(join(outdir, 'Sluice.template.json'), 'utf8')) as Template;
}

const bootstrapServers = (template: Template): unknown[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(
      ({ Properties }) =>
        (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables[
          'SLUICE_BOOTSTRAP_SERVERS'
        ],
    )
    .filter((servers) => servers !== undefined);

describe('the app', () => {
  it('deploys every connector file of its folder', () => {
    const names = Object.values(synth().Resources)
      .filter(({ Type }) => Type === 'Custom::SluiceConnector')
      .map(({ Properties }) => `${String(Properties['Name'])}.json`);
    expect(names.length).toBeGreaterThan(0);
    expect(names.toSorted()).toEqual(readdirSync('infra/pipelines').toSorted());
  });

  it('asks for Kafka as a parameter without a default where nobody named it', () => {
    const template = synth();
    expect(template.Parameters['BootstrapServers']).toMatchObject({ Type: 'String', MinLength: 1 });
    expect(template.Parameters['BootstrapServers']).not.toHaveProperty('Default');
    expect(new Set(bootstrapServers(template).map((servers) => JSON.stringify(servers)))).toEqual(
      new Set(['{"Ref":"BootstrapServers"}']),
    );
  });

  it('takes Kafka from the environment, and from the context before it', () => {
    const environment = { SLUICE_BOOTSTRAP_SERVERS: 'env:9092' };
    expect(new Set(bootstrapServers(synth(environment)))).toEqual(new Set(['env:9092']));
    const template = synth(environment, { bootstrapServers: 'context:9092' });
    expect(new Set(bootstrapServers(template))).toEqual(new Set(['context:9092']));
    expect(template.Parameters).not.toHaveProperty('BootstrapServers');
  });
});
