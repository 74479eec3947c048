import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { WorkerInvoker } from '../../../lib/coordinator/invoker.ts';
import { endProcess } from '../servers/end-process.ts';
import type { InvokeMessage, ToCoordinator } from './coordinator-messages.ts';
import type { Death } from './mortal-table.ts';

const unused = { functionName: '', version: '' };

/** The coordinator as a process of its own; while it is on, there is one again whenever one has died. */
export class CoordinatorFunction {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #functions: ReadonlyMap<string, WorkerInvoker>;
  readonly #all = new Set<ChildProcess>();
  #main: ChildProcess | undefined;
  #isOn = true;
  /** The last of what the processes wrote to stderr. */
  readonly output: string[] = [];

  constructor(environment: NodeJS.ProcessEnv, functions: ReadonlyMap<string, WorkerInvoker>) {
    this.#environment = { ...process.env, ...environment };
    this.#functions = functions;
    this.#main = this.#start(true);
  }

  /** The process ends itself at that write; resolves when it has, or when `limit` is over (false: it is alive). */
  async dieAt(death: Death, limit: AbortSignal): Promise<boolean> {
    const dying = this.#main;
    if (dying === undefined) return false;
    dying.send({ die: death } satisfies ToCoordinator);
    try {
      await once(dying, 'exit', { signal: limit });
      return true;
    } catch (error) {
      if (limit.aborted) return false;
      throw error;
    }
  }

  /** A second one beside the first. The answer ends it (SIGKILL). */
  startSecond(): () => Promise<void> {
    const second = this.#start(false);
    return () => endProcess(second);
  }

  async close(): Promise<void> {
    this.#isOn = false;
    await Promise.all([...this.#all].map(endProcess));
  }

  #start(isMain: boolean): ChildProcess {
    const child = fork(join(import.meta.dirname, 'coordinator-process.ts'), [], {
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#all.add(child);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.output.push(chunk.toString());
      if (this.output.length > 200) this.output.shift();
    });
    child.on('message', (message: InvokeMessage) => void this.#invoke(child, message));
    child.once('exit', () => {
      this.#all.delete(child);
      if (isMain && this.#isOn) this.#main = this.#start(true);
    });
    return child;
  }

  async #invoke(child: ChildProcess, { id, functionName, request }: InvokeMessage): Promise<void> {
    const reply = await this.#call(functionName, request).then(
      (answer) => ({ id, answer }),
      (error: unknown) => ({ id, error: String(error) }),
    );
    // It may have died meanwhile; then nobody waits for the answer.
    if (child.connected) child.send(reply satisfies ToCoordinator);
  }

  async #call(functionName: string, request: InvokeMessage['request']): Promise<unknown> {
    const worker = this.#functions.get(functionName);
    if (worker === undefined) throw new Error(`There is no function ${functionName}`);
    if (request.op === 'plan') return worker.plan(unused, request);
    if (request.op === 'fence') return worker.fence(unused, request);
    return worker.run(unused, request);
  }
}
