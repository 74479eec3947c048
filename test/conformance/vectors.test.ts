import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingOf, replayFile } from './recordings.ts';

/** A Java class that no value of ours stands for. */
const noBigInteger = 'BigInteger, which has no counterpart';

const directory = join(import.meta.dirname, 'vectors');

describe('recordings of Kafka Connect', () => {
  it.each(readdirSync(directory).toSorted())('%s is reproduced', async (file) => {
    const { passed, failures, skipped } = await replayFile(
      join(directory, file),
      recordingOf(file) ?? 'cases',
    );

    expect(failures).toEqual([]);
    expect([...skipped.keys()].filter((reason) => reason !== noBigInteger)).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});
