import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCases, replay } from './replay.ts';
import { restExceptionReasons } from './rest-exceptions.ts';

/** The first is a Java class that no value of ours stands for. */
const documented = ['BigInteger, which has no counterpart', ...restExceptionReasons];

const directory = join(import.meta.dirname, 'vectors');

const page = readFileSync(join(import.meta.dirname, '../../docs/conformance.md'), 'utf8');

describe('recordings of Kafka Connect', () => {
  it.each(readdirSync(directory).toSorted())('%s is reproduced', async (file) => {
    const cases = readCases(join(directory, file));
    const { passed, failures, skipped } = await replay(cases);

    expect(failures).toEqual([]);
    expect([...skipped.keys()].filter((reason) => !documented.includes(reason))).toEqual([]);
    expect(passed).toBeGreaterThan(0);
    expect(passed + [...skipped.values()].reduce((sum, count) => sum + count, 0)).toBe(cases.length);
  });

  it.each(documented)('"%s" is a documented difference', (reason) => {
    expect(page).toContain(reason);
  });
});
