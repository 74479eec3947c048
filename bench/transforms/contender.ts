import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Round } from './node-lane.ts';

/** A process of its own that runs one lane, so that no lane warms or dirties the other's compiler and memory. */
export class Contender implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#process.stdout === null) throw new Error('a contender answers on stdout');
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  static node(lane: string, recordsFile: string, config: string): Contender {
    return new Contender(process.execPath, [
      ...process.execArgv,
      join(import.meta.dirname, 'node-lane.ts'),
      lane,
      recordsFile,
      config,
    ]);
  }

  /** The heap is the one Kafka Connect's own start script gives. */
  static java(classPath: string, recordsFile: string, config: string): Contender {
    return new Contender('java', [
      '-Xms256M',
      '-Xmx2G',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
      '-cp',
      classPath,
      join(import.meta.dirname, 'JavaChain.java'),
      recordsFile,
      config,
    ]);
  }

  async round(records: number, mode = ''): Promise<Round> {
    this.#process.stdin?.write(`${records} ${mode}`.trim().concat('\n'));
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`a contender ended with code ${String(this.#process.exitCode)}`);
    return JSON.parse(value) as Round;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin?.end();
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'exit');
  }
}
