import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingOf, replayFile } from './recordings.ts';
import { restExceptionReasons as documented } from './rest-exceptions.ts';

const directory = join(import.meta.dirname, 'vectors');

const page = readFileSync(join(import.meta.dirname, '../../docs/conformance.md'), 'utf8');

describe('recordings of Kafka Connect', () => {
  it.each(readdirSync(directory).toSorted())('%s is reproduced', async (file) => {
    const { passed, failures, skipped } = await replayFile(
      join(directory, file),
      recordingOf(file) ?? 'cases',
    );

    expect(failures).toEqual([]);
    expect([...skipped.keys()].filter((reason) => !documented.includes(reason))).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });

  it.each(documented)('"%s" is a documented difference', (reason) => {
    expect(page).toContain(reason);
  });
});
