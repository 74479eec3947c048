import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../../lib/foundation/random.ts';

describe('DirectorySink, killed', () => {
  const count = 400;
  const child = join(import.meta.dirname, 'directory-sink-child.ts');

  it('leaves each line once, whenever its process is killed and whatever a second one does meanwhile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-kill-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const random = seededRandom(7);
    const upTo = (limit: number): number => 1 + Math.floor(random.next() * limit);
    /** Ends after `steps` signs of life, by SIGKILL; or by itself. */
    const runOnce = async (steps: number): Promise<void> => {
      const args = [child, join(folder, 'out'), join(folder, 'committed'), String(count), String(upTo(9))];
      const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let seen = 0;
      running.stdout.on('data', (dots: Buffer) => {
        seen += dots.length;
        if (seen >= steps) running.kill('SIGKILL');
      });
      const [code] = (await once(running, 'close')) as [number | null];
      // Null: killed. Anything but 0 otherwise would be a failure of its own.
      expect(code ?? 0).toBe(0);
    };
    for (let round = 0; round < 8; round++) await Promise.all([runOnce(upTo(20)), runOnce(upTo(20))]);
    await runOnce(Number.POSITIVE_INFINITY);

    const names = (await readdir(join(folder, 'out', 'topic')))
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
    const texts = await Promise.all(
      names.map((name) => readFile(join(folder, 'out', 'topic', name), 'utf8')),
    );
    expect(texts.join('')).toBe(Array.from({ length: count }, (_, n) => `${n}\n`).join(''));
  });
});
