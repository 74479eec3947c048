import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender, Turn } from './contender.ts';
import { type Figures, figuresOf } from './figures.ts';
import { measuredRun, type Run, type Work } from './measured-run.ts';
import type { Path } from './paths.ts';
import type { Topics } from './topics.ts';

export interface Contest {
  readonly topics: Topics;
  readonly path: Path;
  readonly rounds: number;
  /** Of the turn of every run; the topic is the filled one. */
  readonly given: Omit<Turn, 'outputFile' | 'connector'>;
  readonly inputBytes: number;
  /** A line for the reader, who waits. */
  readonly tell: (text: string) => void;
}

/** All contenders take turns, round by round, each run in a process of its own. */
export async function contest({ rounds, path, given, tell, ...rest }: Contest): Promise<Figures[]> {
  const entered = path.contenders.filter((contender) => mayEnter(contender, given, tell));
  const done = new Map<Contender, Run[]>(entered.map((contender) => [contender, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [contender, runs] of done) {
      const connector = `bench-${path.name}-${given.shape.name.replaceAll(/\W+/g, '-')}-${round}`;
      const run = await oneRun(contender, connector, { rounds, path, given, tell, ...rest });
      runs.push(run);
      tell(
        `  round ${round}, ${contender.name}: ${run.lastSeconds.toFixed(1)} s, ${run.cpuSeconds.toFixed(1)} CPU s`,
      );
    }
  }
  return [...done].map(([{ name }, runs]) => figuresOf(name, given.records, runs));
}

function mayEnter(contender: Contender, given: Contest['given'], tell: Contest['tell']): boolean {
  const reason =
    contender.needsJava === true && given.classPath === ''
      ? 'it needs java and mvn on the path'
      : contender.unavailable?.(given);
  if (reason !== undefined) tell(`  ${contender.name} is left out: ${reason}`);
  return reason === undefined;
}

async function oneRun(
  contender: Contender,
  connector: string,
  { topics, path, given, inputBytes }: Contest,
): Promise<Run> {
  const folder = join(given.folder, 'run');
  await mkdir(folder);
  const isFresh = path.arrivesIn === 'topic';
  const topic = isFresh ? await topics.create(path.topicEnding) : given.topic;
  const turn: Turn = { ...given, topic, connector, folder, outputFile: join(folder, 'output') };
  const { records } = given;
  const moved: Work['moved'] = isFresh
    ? () => topics.records(topic)
    : async () => ((await bytesOf(turn.outputFile)) * records) / inputBytes;
  try {
    return await measuredRun(await contender.launch(turn), { records, moved });
  } finally {
    await rm(folder, { recursive: true });
    if (isFresh) await topics.delete(topic);
  }
}

async function bytesOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
