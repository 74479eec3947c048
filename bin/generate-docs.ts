/**
 * Writes what documentation pages say about code: the config tables of connectors, transformations, predicates,
 * converters and common keys. `--check` writes nothing and fails when a page is stale. Run it with `npm run docs`.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigDef } from '../lib/api/config-def.ts';
import { converterPlugins } from '../lib/converters/index.ts';
import { clientOverrides } from './client-overrides.ts';
import { connectorConfig } from '../lib/plugins/connector-config.ts';
import { configTable, replaceConfigSection } from '../lib/plugins/config-table.ts';
import { deadLetterConfig } from '../lib/plugins/dead-letter-config.ts';
import { lambdaConfig, lambdaSinkConfig } from '../lib/plugins/lambda-config.ts';
import { sinkConfig } from '../lib/plugins/sink-config.ts';
import { sourceConfig } from '../lib/plugins/source-config.ts';
import { pluginsOf } from '../lib/plugins/registry.ts';
import { predicatePlugins, transformationPlugins } from '../lib/transforms/index.ts';

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');
const stale: string[] = [];

for (const entry of await readdir(join(root, 'lib/connectors'), { withFileTypes: true })) {
  // `core` holds what connectors share, and is no connector.
  if (!entry.isDirectory() || entry.name === 'core') continue;
  const folder = join('lib/connectors', entry.name);
  const plugins = pluginsOf((await import(join(root, folder, 'index.ts'))) as Record<string, unknown>);
  await refresh(join(folder, 'README.md'), sections(plugins));
}
await refresh('docs/transforms.md', sections(transformationPlugins));
await refresh('docs/predicates.md', sections(predicatePlugins));
await refresh('docs/converters.md', sections(converterPlugins));
await refresh(
  'docs/connector-keys.md',
  [
    ['Every connector', connectorConfig] as const,
    ['Sources', sourceConfig] as const,
    ['Sinks', sinkConfig] as const,
    ['Sluice', lambdaConfig] as const,
    ['Sluice, of sources', deadLetterConfig] as const,
    ['Sluice, of sinks', lambdaSinkConfig] as const,
  ]
    .map(([title, keys]) => `## ${title}\n\n${configTable(new ConfigDef(keys))}`)
    .join('\n\n'),
);

await refresh('docs/client-overrides.md', clientOverrides());

for (const path of stale) console.log(isCheck ? `stale: ${path}` : `written: ${path}`);
if (isCheck && stale.length > 0) {
  console.error('Run `npm run docs` and commit the result.');
  process.exitCode = 1;
}

interface Documented {
  readonly class: string;
  readonly configDef: ConfigDef;
}

/** A section for each class; `$Key` and `$Value` of one transformation share theirs. */
function sections(plugins: readonly Documented[]): string {
  const byName = Map.groupBy(plugins, ({ class: name }) => name.replace(/\$(Key|Value)$/, ''));
  return [...byName.values()]
    .map((same) => {
      const title = same.map(({ class: name }) => `\`${name}\``).join(', ');
      const keys = same[0]?.configDef;
      return `### ${title}\n\n${keys === undefined || Object.keys(keys.keys).length === 0 ? 'No options.' : configTable(keys)}`;
    })
    .join('\n\n');
}

async function refresh(path: string, text: string): Promise<void> {
  const page = await readFile(join(root, path), 'utf8');
  const fresh = replaceConfigSection(page, text);
  if (fresh === page) return;
  stale.push(path);
  if (!isCheck) await writeFile(join(root, path), fresh);
}
