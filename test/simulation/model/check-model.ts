import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const model = join(import.meta.dirname, 'exactly-once.pml');
const longestMs = 300_000;

/** The protocol as it is, and faults that the model must find in it. */
export const mutants = {
  NO_RECHECK: 'a run does not look at its task again after its InitProducerId',
  CLEAR_OWNER: 'a run that ends removes its epoch from the task',
  COMMIT_BEFORE_ACK: 'a transaction counts as committed before Kafka has answered',
  CLEAN_LEFT: 'a claim leaves the offset marked as clean',
  FENCE_FIRST: 'the old transactional ids are fenced before the tasks of the new split are written',
} as const;

export type Variant = 'CORRECT' | keyof typeof mutants;

export interface Verification {
  readonly errors: number;
  readonly states: number;
  /** The assertion that does not hold; undefined: all do. */
  readonly broken: string | undefined;
}

/** Looks at every state the model can reach. Needs spin and a C compiler. */
export async function checkModel(variant: Variant): Promise<Verification> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-model-'));
  try {
    await run('spin', [`-D${variant}=1`, '-a', model], { cwd: folder });
    await run('gcc', ['-O2', '-DSAFETY', '-DCOLLAPSE', '-o', 'pan', 'pan.c'], { cwd: folder });
    const { stdout } = await run('./pan', ['-m200000'], { cwd: folder, timeout: longestMs });
    return read(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function read(text: string): Verification {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? NaN);
  if (/max search depth too small|out of memory/.test(text))
    throw new Error(`The search is not complete:\n${text}`);
  return {
    errors: number(/errors: (\d+)/),
    states: number(/(\d+) states, stored/),
    broken: /pan:1: (.*?) \(at depth/.exec(text)?.[1],
  };
}

/** Installs spin where it is missing: a package of Debian and Ubuntu. */
export async function needSpin(): Promise<void> {
  try {
    await run('spin', ['-V']);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.log('installing the model checker spin');
    const install = ['install', '--yes', 'spin', 'gcc', 'libc6-dev'];
    if (process.getuid?.() === 0) await run('apt-get', install);
    else await run('sudo', ['apt-get', ...install]);
  }
}
