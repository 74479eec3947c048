import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCases, replay } from './replay.ts';

const directory = join(import.meta.dirname, 'vectors');

describe('recordings of Kafka Connect', () => {
  it.each(readdirSync(directory).toSorted())('%s is reproduced', async (file) => {
    const cases = readCases(join(directory, file));
    const { passed, failures, skipped } = await replay(cases);

    expect(failures).toEqual([]);
    expect([...skipped.keys()]).toEqual([]);
    expect(passed).toBe(cases.length);
  });
});
