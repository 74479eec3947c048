import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import whom: docs/adr/0001 and CONTRIBUTING.md. `node` names I/O built-ins a layer may use. */
const layers: readonly { readonly at: string; readonly may: readonly string[] }[] = [
  { at: 'lib/foundation', may: [] },
  { at: 'lib/api', may: ['lib/foundation'] },
  { at: 'lib/transforms', may: ['lib/api', 'lib/foundation'] },
  { at: 'lib/converters', may: ['lib/api', 'lib/foundation'] },
  { at: 'lib/connectors/core', may: ['lib/api', 'lib/foundation'] },
  { at: 'lib/connectors', may: ['lib/api', 'lib/foundation', 'lib/connectors/core'] },
  { at: 'lib/storage/dynamodb', may: ['lib/storage/table.ts', 'lib/api', 'lib/foundation'] },
  { at: 'lib/storage/memory', may: ['lib/storage/table.ts', 'lib/api', 'lib/foundation'] },
  { at: 'lib/storage', may: ['lib/api', 'lib/foundation'] },
  { at: 'lib/kafka', may: ['lib/api', 'lib/foundation'] },
  { at: 'lib/config-providers', may: ['lib/api', 'lib/foundation'] },
  {
    at: 'lib/errors',
    may: ['lib/api', 'lib/foundation', 'lib/kafka/ports.ts', 'lib/converters/json-converter.ts'],
  },
  { at: 'lib/plugins/bundled.ts', may: ['lib/api', 'lib/connectors', 'lib/converters', 'lib/transforms'] },
  {
    at: 'lib/plugins',
    may: [
      'lib/api',
      'lib/foundation',
      'lib/pipeline/config-prefix.ts',
      'lib/kafka/client-config',
      'lib/config-providers/placeholders.ts',
    ],
  },
  {
    at: 'lib/rest',
    may: ['lib/api', 'lib/foundation', 'lib/errors', 'lib/plugins', 'lib/storage', 'lib/coordinator'],
  },
  {
    at: 'lib/pipeline',
    may: ['lib/api', 'lib/foundation', 'lib/errors', 'lib/plugins', 'lib/kafka/ports.ts'],
  },
  {
    at: 'lib/coordinator',
    may: ['lib/api', 'lib/foundation', 'lib/errors', 'lib/plugins', 'lib/storage', 'lib/worker/protocol.ts'],
  },
  {
    at: 'lib/worker',
    may: [
      'lib/api',
      'lib/foundation',
      'lib/errors',
      'lib/plugins',
      'lib/pipeline',
      'lib/storage',
      'lib/config-providers',
      'lib/kafka/ports.ts',
      'lib/kafka/partitioner.ts',
      'lib/kafka/transaction-error.ts',
      'lib/converters/offsets-topic.ts',
      'lib/coordinator/schedule.ts',
    ],
  },
  {
    at: 'lib/preview',
    may: [
      'lib/api',
      'lib/foundation',
      'lib/errors',
      'lib/plugins',
      'lib/pipeline',
      'lib/storage',
      'lib/config-providers',
      'lib/kafka/ports.ts',
      'lib/coordinator/schedule.ts',
      'lib/worker',
    ],
  },
  { at: 'lib/local', may: ['lib'] },
  { at: 'lib/cli', may: ['lib'] },
  { at: 'lib/testing', may: ['lib'] },
  { at: 'functions', may: ['lib'] },
  {
    at: 'infra',
    may: [
      'lib/api',
      'lib/foundation',
      'lib/plugins',
      'lib/connectors',
      'lib/converters',
      'lib/transforms',
      'lib/coordinator/schedule.ts',
      'lib/storage/dynamodb/table-definition.ts',
      'lib/local/connector-files.ts',
      'lib/config-providers/placeholders.ts',
    ],
  },
];

/** Coordinator and worker never see an adapter. */
const adapters = [
  'lib/storage/dynamodb',
  'lib/storage/memory',
  'lib/kafka/client',
  'lib/kafka/memory',
  'lib/kafka/dev-broker',
];

const root = resolve(import.meta.dirname, '..');
const files = ['lib', 'functions', 'infra'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join(folder, file)),
);
const source = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports = (file: string): string[] =>
  [...(source.get(file) ?? '').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path]) =>
    relative(root, resolve(root, dirname(file), path ?? '')),
  );
const layerOf = (file: string) =>
  layers.find((layer) => file === layer.at || file.startsWith(`${layer.at}/`));
const within = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);

describe('architecture', () => {
  it('every file belongs to a layer and imports only what that layer may', () => {
    const wrong = files.flatMap((file) => {
      const layer = layerOf(file);
      if (layer === undefined) return [`${file} belongs to no layer`];
      return imports(file)
        .filter((target) => !within(target, layer.at) && !layer.may.some((place) => within(target, place)))
        .map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('connectors do not import each other, and logic does not import adapters', () => {
    const system = (file: string): string | undefined => /^lib\/connectors\/([^/]+)\//.exec(file)?.[1];
    const wrong = files.flatMap((file) =>
      imports(file)
        .filter((target) => {
          const [from, to] = [system(file), system(target)];
          if (from !== undefined && to !== undefined) return from !== to && to !== 'core';
          const isLogic = [
            'lib/coordinator',
            'lib/worker',
            'lib/pipeline',
            'lib/errors',
            'lib/plugins',
            'lib/rest',
          ].some((place) => within(file, place));
          return isLogic && adapters.some((adapter) => within(target, adapter));
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('there are no import cycles', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (path.includes(file) || done.has(file)) return;
      for (const target of runtimeImports(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('time, randomness, environment and console come in only at the edges', () => {
    const edges = ['lib/foundation', 'lib/cli', 'lib/local', 'functions', 'infra'];
    const wrong = files.filter((file) => {
      if (edges.some((edge) => within(file, edge))) return false;
      const code = (source.get(file) ?? '').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return /\bDate\.now\b|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\b|\bprocess\.env\b|\bconsole\./.test(
        code,
      );
    });
    expect(wrong).toEqual([]);
  });

  it('files stay under 500 lines, and the median under 120', () => {
    const lengths = [...source].map(([file, text]) => ({ file, lines: text.split('\n').length }));
    expect(lengths.filter(({ lines }) => lines > 500)).toEqual([]);
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120);
  });

  it('every connector folder has the silhouette', () => {
    const systems = readdirSync(join(root, 'lib/connectors')).filter((name) => name !== 'core');
    const wrong = systems.flatMap((name) => {
      const listing = readdirSync(join(root, 'lib/connectors', name));
      const missing = ['index.ts', 'config.ts', 'README.md'].filter((file) => !listing.includes(file));
      const works = listing.some((file) => /^(source|sink)([.-]|$)/.test(file))
        ? []
        : ['source.ts or sink.ts'];
      return [...missing, ...works].map((file) => `${name} lacks ${file}`);
    });
    expect(wrong).toEqual([]);
  });
});

/** Type-only imports vanish at run time and make no cycle. */
function runtimeImports(file: string): string[] {
  return [
    ...(source.get(file) ?? '').matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s*'(\.[^']+)'/gms),
  ].map(([, path]) => relative(root, resolve(root, dirname(file), path ?? '')));
}
