import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('docs/invariants.md', () => {
  const rows = [...read('docs/invariants.md').matchAll(/^\| (\d+) \|.*$/gm)];

  it('has a row for each of the ten', () => {
    expect(rows.map(([, number]) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it.each(rows.map(([row, number]) => [number, row]))('%s: every file it names cites it', (number, row) => {
    const files = [...(row ?? '').matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(0);
    const cites = new RegExp(`Invariants? (\\d+,? (and )?)*${number}\\b`);
    expect(files.filter((file) => !cites.test(read(file)))).toEqual([]);
  });
});

describe('docs/failures.md', () => {
  it('names tests that exist', () => {
    const text = read('docs/failures.md');
    const paths = [...text.matchAll(/`((?:test|lib)\/[^`]+\.ts)`/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBeGreaterThan(15);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect([...text.matchAll(/^\| \d+ \|/gm)]).toHaveLength(17);
  });
});
