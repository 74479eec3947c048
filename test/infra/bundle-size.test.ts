import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '../../infra/build-bundle.ts';
import { entrySource } from '../../infra/bundling.ts';
import { eagerBytes } from '../../infra/eager-bytes.ts';

const kilobyte = 1_000;
const plugins = ['lib/connectors/file/index.ts', 'lib/converters/string-converter.ts'];

describe('the worker of a file source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-size-'));
  let bytes: ReadonlyMap<string, number>;

  beforeAll(() => {
    const file = join(folder, 'index.ts');
    const entry = { name: 'w', module: 'worker', factory: 'createWorkerHandler' } as const;
    writeFileSync(file, entrySource({ ...entry, plugins: plugins.map((path) => resolve(path)) }));
    bytes = eagerBytes(buildBundle(file, join(folder, 'out')));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('loads the client of its table at a cold start, and no other system’s', () => {
    const packages = [...bytes.keys()].filter((name) => name !== '');
    const others = packages.filter((name) => !/^(@aws-sdk|@smithy|@aws|@middy)\//.test(name));
    // A cache for endpoints that the DynamoDB client brings along.
    expect(others.toSorted()).toEqual(['mnemonist', 'obliterator']);
    expect(packages).toContain('@aws-sdk/client-dynamodb');
  });

  it('loads at most 250 KB of its own, and 460 KB with the client of its table', () => {
    const total = [...bytes.values()].reduce((sum, each) => sum + each, 0);
    const own = bytes.get('') ?? 0;
    expect(own).toBeGreaterThan(100 * kilobyte);
    expect(own).toBeLessThanOrEqual(250 * kilobyte);
    expect(total).toBeLessThanOrEqual(460 * kilobyte);
  });

  it('loads at most 260 KB more for Kafka: kafkajs’ connections and our client', () => {
    const file = join(folder, 'kafka.ts');
    writeFileSync(
      file,
      ['lib/kafka/kafkajs/connect-kafka.ts', 'kafkajs/src/network/connection.js']
        .map(
          (path, i) =>
            `export * as part${i} from ${JSON.stringify(path.startsWith('lib') ? resolve(path) : resolve('node_modules', path))};`,
        )
        .join('\n'),
    );
    const kafka = eagerBytes(buildBundle(file, join(folder, 'kafka')));
    expect([...kafka.keys()].toSorted()).toEqual(['', 'kafkajs']);
    const total = [...kafka.values()].reduce((sum, each) => sum + each, 0);
    expect(total).toBeLessThanOrEqual(260 * kilobyte);
  });
});
