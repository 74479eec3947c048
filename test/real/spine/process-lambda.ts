import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { RetriableError } from '../../../lib/api/errors.ts';
import type { WorkerInvoker } from '../../../lib/coordinator/invoker.ts';
import type {
  FenceRequest,
  FenceResponse,
  PlanRequest,
  PlanResponse,
  WorkerRequest,
} from '../../../lib/worker/protocol.ts';
import { endProcess } from '../servers/end-process.ts';

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** What one process gets, and who is to know when it has ended. */
export interface ProcessPlace {
  readonly environment: NodeJS.ProcessEnv;
  readonly left?: () => void;
}

export interface FrozenProcess {
  readonly thaw: () => void;
  readonly end: () => Promise<void>;
}

/** Worker functions as child processes that can be killed and frozen; a new one starts when there is none. */
export class ProcessLambda implements WorkerInvoker {
  readonly #place: () => ProcessPlace;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #child: ChildProcess | undefined;
  readonly #all = new Set<ChildProcess>();
  #requests = 0;
  /** The last of what the processes wrote to stderr. */
  readonly output: string[] = [];

  /** `place` is called for each process that is started. */
  constructor(place: () => ProcessPlace) {
    this.#place = place;
  }

  async plan(_worker: unknown, request: PlanRequest): Promise<PlanResponse> {
    const answer = await this.#send(request, 30_000);
    if (answer.error !== undefined) throw new RetriableError(answer.error);
    return answer.answer as PlanResponse;
  }

  async fence(_worker: unknown, request: FenceRequest): Promise<FenceResponse> {
    const answer = await this.#send(request, 30_000);
    if (answer.error !== undefined) throw new RetriableError(answer.error);
    return answer.answer as FenceResponse;
  }

  async run(_worker: unknown, request: WorkerRequest): Promise<void> {
    this.#current().send({ id: ++this.#requests, request });
  }

  /** SIGKILL to the process at work. */
  kill(): void {
    this.#current().kill('SIGKILL');
    this.#child = undefined;
  }

  /** SIGSTOP; new requests go to a new process. The answer thaws the old one, or ends it. */
  freeze(): FrozenProcess {
    const frozen = this.#current();
    frozen.kill('SIGSTOP');
    this.#child = undefined;
    return { thaw: () => void frozen.kill('SIGCONT'), end: () => endProcess(frozen) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map(endProcess));
  }

  async #send(request: WorkerRequest, timeoutMs: number): Promise<Answer> {
    const id = ++this.#requests;
    const child = this.#current();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answered({ id, error: 'the worker did not answer' }), timeoutMs);
      const gone = (): void => this.#answered({ id, error: 'the worker process ended' });
      child.once('exit', gone);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        child.off('exit', gone);
        resolve(answer);
      });
      child.send({ id, request });
    });
  }

  #answered(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  #current(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    const { environment, left } = this.#place();
    const child = fork(join(import.meta.dirname, 'worker-process.ts'), [], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.output.push(chunk.toString());
      if (this.output.length > 500) this.output.shift();
    });
    child.on('message', (message: Answer | { ready: true }) => {
      if ('id' in message) this.#answered(message);
    });
    child.once('exit', () => {
      this.#all.delete(child);
      if (this.#child === child) this.#child = undefined;
      left?.();
    });
    this.#all.add(child);
    this.#child = child;
    return child;
  }
}
