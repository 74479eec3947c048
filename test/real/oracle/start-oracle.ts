import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { VectorCase } from '../../conformance/vector-case.ts';
import { kafkaClassPath } from '../servers/kafka.ts';

/** What is asked: a case without its answer. */
export type Question = Omit<VectorCase, 'result' | 'line'>;

export interface Oracle extends AsyncDisposable {
  /** The questions in their order, each with the result the real classes gave. One call at a time. */
  ask(questions: readonly Question[]): Promise<VectorCase[]>;
}

/**
 * The real classes of Kafka Connect in a Java process (17, since the text of floats differs in later versions). The
 * first start fetches their jars with Maven (35 MB) into the user's cache folder.
 */
export async function startOracle(): Promise<Oracle> {
  const lib = await kafkaClassPath();
  const classes = await mkdtemp(join(tmpdir(), 'sluice-oracle-'));
  const source = join(import.meta.dirname, 'java');
  const files = (await readdir(source)).map((file) => join(source, file));
  await promisify(execFile)('javac', ['-nowarn', '-encoding', 'UTF-8', '-cp', lib, '-d', classes, ...files]);
  const options = ['user.timezone=UTC', 'user.language=en', 'user.country=US', 'file.encoding=UTF-8'];
  const java = spawn('java', [
    '-Xmx1g',
    '-Xss16m',
    ...[...options, 'org.slf4j.simpleLogger.defaultLogLevel=off'].map((option) => `-D${option}`),
    '-cp',
    [classes, lib].join(delimiter),
    'Oracle',
  ]);
  const close = async (): Promise<void> => {
    java.stdin.end();
    if (java.exitCode === null) await once(java, 'exit');
    await rm(classes, { recursive: true, force: true });
  };
  return { ask: asker(java), [Symbol.asyncDispose]: close };
}

function asker(java: ChildProcessWithoutNullStreams): Oracle['ask'] {
  const lines = createInterface({ input: java.stdout, crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
  let errors = '';
  java.stderr.on('data', (text: Buffer) => (errors = `${errors}${text.toString()}`.slice(-4000)));
  // A process that ended takes nothing more; its last words say why, and are thrown below.
  java.stdin.on('error', (error) => (errors = `${errors}${error.message}`));
  return async (questions) => {
    java.stdin.write(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
    const answers: VectorCase[] = [];
    while (answers.length < questions.length) {
      const next = await lines.next();
      if (next.done === true) throw new Error(`The oracle ended early: ${errors}`);
      answers.push({ ...(JSON.parse(next.value) as VectorCase), line: next.value });
    }
    return answers;
  };
}
