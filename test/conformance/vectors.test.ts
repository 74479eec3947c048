import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingOf, replayFile } from './recordings.ts';

const directory = join(import.meta.dirname, 'vectors');

describe('recordings of Kafka Connect', () => {
  it.each(readdirSync(directory).toSorted())('%s is reproduced', async (file) => {
    const { passed, failures, skipped } = await replayFile(
      join(directory, file),
      recordingOf(file) ?? 'cases',
    );

    expect(failures).toEqual([]);
    expect([...skipped.keys()]).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});
