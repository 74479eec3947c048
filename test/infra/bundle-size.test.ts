import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '../../infra/build-bundle.ts';
import { entrySource } from '../../infra/bundling.ts';
import { eagerBytes } from '../../infra/eager-bytes.ts';

const kilobyte = 1_000;
const plugins = ['lib/connectors/file/index.ts', 'lib/converters/string-converter.ts'];

describe('the worker of a file source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-size-'));
  let worker: Metafile;
  let atStart: ReadonlyMap<string, number>;

  beforeAll(() => {
    const file = join(folder, 'index.ts');
    const entry = { name: 'w', module: 'worker', factory: 'createWorkerHandler' } as const;
    writeFileSync(file, entrySource({ ...entry, plugins: plugins.map((path) => resolve(path)) }));
    worker = buildBundle(file, join(folder, 'out'));
    atStart = eagerBytes(worker);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('loads the client of its table at a cold start, and no other system’s', () => {
    const packages = [...atStart.keys()].filter((name) => name !== '');
    const others = packages.filter((name) => !/^(@aws-sdk|@smithy|@aws|@middy)\//.test(name));
    // A cache for endpoints that the DynamoDB client brings along.
    expect(others.toSorted()).toEqual(['mnemonist', 'obliterator']);
    expect(packages).toContain('@aws-sdk/client-dynamodb');
  });

  it('loads at most 230 KB of its own, and 460 KB with the client of its table', () => {
    const own = atStart.get('') ?? 0;
    expect(own).toBeGreaterThan(100 * kilobyte);
    expect(own).toBeLessThanOrEqual(230 * kilobyte);
    expect(sum(atStart.values())).toBeLessThanOrEqual(460 * kilobyte);
  });

  it('holds at most 310 KB without the AWS SDK, the Kafka client and all else that it loads later included', () => {
    const files = Object.values(worker.outputs).flatMap(({ inputs }) => Object.entries(inputs));
    const own = files.filter(([path]) => !path.includes('node_modules/'));
    expect(own.map(([path]) => path)).toContainEqual(expect.stringMatching(/connect-kafka\.ts$/));
    expect(files.map(([path]) => path)).not.toContainEqual(expect.stringContaining('node_modules/kafkajs/'));
    expect(sum(own.map(([, { bytesInOutput }]) => bytesInOutput))).toBeLessThanOrEqual(310 * kilobyte);
  });

  it('loads at most 80 KB for Kafka, all of it ours', () => {
    const kafka = eagerBytes(
      buildBundle(resolve('lib/kafka/client/connect-kafka.ts'), join(folder, 'kafka')),
    );
    expect([...kafka.keys()]).toEqual(['']);
    expect(sum(kafka.values())).toBeLessThanOrEqual(80 * kilobyte);
  });
});

const sum = (sizes: Iterable<number>): number => [...sizes].reduce((total, each) => total + each, 0);
