/**
 * Writes what documentation pages say about code: the config tables in the README of every connector.
 * `--check` writes nothing and fails when a page is stale. Run it with `node bin/generate-docs.ts`.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configTable, replaceConfigSection } from '../lib/plugins/config-table.ts';
import { pluginsOf } from '../lib/plugins/registry.ts';

const connectors = join(import.meta.dirname, '..', 'lib', 'connectors');
const isCheck = process.argv.includes('--check');
const stale: string[] = [];

for (const entry of await readdir(connectors, { withFileTypes: true })) {
  // `core` holds what connectors share, and is no connector.
  if (!entry.isDirectory() || entry.name === 'core') continue;
  const folder = join(connectors, entry.name);
  const plugins = pluginsOf((await import(join(folder, 'index.ts'))) as Record<string, unknown>);
  const text = plugins
    .map(({ class: name, configDef }) => `### \`${name}\`\n\n${configTable(configDef)}`)
    .join('\n\n');
  const path = join(folder, 'README.md');
  const page = await readFile(path, 'utf8');
  const fresh = replaceConfigSection(page, text);
  if (fresh === page) continue;
  stale.push(`lib/connectors/${entry.name}/README.md`);
  if (!isCheck) await writeFile(path, fresh);
}

for (const path of stale) console.log(isCheck ? `stale: ${path}` : `written: ${path}`);
if (isCheck && stale.length > 0) {
  console.error('Run `npm exec -- node bin/generate-docs.ts` and commit the result.');
  process.exitCode = 1;
}
