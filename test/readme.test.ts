import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledPlugins } from '../lib/plugins/bundled.ts';
import { PluginRegistry } from '../lib/plugins/registry.ts';
import { validateConnectorConfig } from '../lib/plugins/validate.ts';
import { parseConnectorFile } from '../lib/local/connector-files.ts';

const root = resolve(import.meta.dirname, '..');
const pages = ['README.md', 'CONTRIBUTING.md', ...find('docs'), ...find('lib/connectors'), ...find('infra')];
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const registry = new PluginRegistry(bundledPlugins);

describe('the README', () => {
  it.each(pages)('%s links only to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(resolve(root, dirname(page), link)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('shows connector configs that are valid, and so are the examples', () => {
    const shown = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => ({
      path: 'README.md',
      text: text ?? '',
    }));
    const files = ['examples', 'infra/pipelines'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((file) => file.endsWith('.json'))
        .map((file) => ({ path: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') })),
    );
    for (const { path, text } of [...shown, ...files]) {
      const { name, config } = parseConnectorFile(path, text);
      const { configs, unknownKeys } = validateConnectorConfig({ ...config, name }, registry);
      expect({ path, errors: configs.flatMap(({ value }) => value.errors), unknownKeys }).toEqual({
        path,
        errors: [],
        unknownKeys: [],
      });
    }
  });

  it('shows the example of docs/testing.md as it is', () => {
    const [, shown] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/testing.md'), 'utf8')) ?? [];
    expect(shown).toBe(readFileSync(join(root, 'examples/testing/orders.test.ts'), 'utf8'));
  });

  it('lists every connector there is', () => {
    const classes = bundledPlugins
      .filter(({ kind }) => kind === 'source' || kind === 'sink')
      .map((plugin) => plugin.class.replace(/(Source|Sink)Connector$/, ''));
    expect(classes.filter((name) => !readme.includes(name))).toEqual([]);
  });
});

function find(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
}
