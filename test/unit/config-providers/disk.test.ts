import { describe, expect, it } from 'vitest';
import { disk } from '../../../lib/config-providers/disk.ts';
import { readText } from '../../../lib/config-providers/files.ts';

const { dirname, filename } = import.meta;

describe('files of config providers on disk', () => {
  it.each([
    ['a file', filename, 'file'],
    ['a folder', dirname, 'directory'],
    ['neither', `${dirname}/nothing-here`, null],
    ['below a file', `${filename}/below`, null],
    ['a device', '/dev/null', 'other'],
  ])('%s', async (_, path, kind) => {
    expect(await disk.kindOf(path)).toBe(kind);
  });

  it('are read as text', async () => {
    expect(await readText(disk, filename)).toContain("describe('files of config providers on disk'");
  });
});
