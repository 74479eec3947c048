import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A bundled function in a process of its own. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #invocations = 0;
  /** What it has logged. */
  output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  static async start(entry: string, environment: Record<string, string>): Promise<FunctionProcess> {
    const child = fork(join(import.meta.dirname, 'function-child.ts'), [entry], {
      env: environment,
      silent: true,
    });
    const started = new FunctionProcess(child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) =>
        Promise.reject(new Error(`The function ended with code ${code}: ${started.output}`)),
      ),
    ]);
    return started;
  }

  async invoke(event: unknown, timeoutMs = 60_000): Promise<unknown> {
    const id = ++this.#invocations;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, event, timeoutMs });
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** Lambda's Invoke API over the given functions, and a place for answers of custom resources: `/answer`. */
export async function startLambdaApi(functions: ReadonlyMap<string, FunctionProcess>) {
  const answers: unknown[] = [];
  const answerTo = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    const body = await text(request);
    if (request.url === '/answer') {
      answers.push(JSON.parse(body));
      return { status: 200, body: '' };
    }
    const name = /\/functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1] ?? '';
    const invoked = functions.get(decodeURIComponent(name));
    if (invoked === undefined) return { status: 404, body: '{}' };
    const result = invoked.invoke(JSON.parse(body));
    if (request.headers['x-amz-invocation-type'] === 'Event') {
      // An event's failure is in the function's output; nobody waits for it.
      result.catch((error: unknown) => (invoked.output += String(error)));
      return { status: 202, body: '' };
    }
    return { status: 200, body: JSON.stringify(await result) };
  };
  const server: Server = createServer((request, response) => {
    answerTo(request).then(
      ({ status, body }) => response.writeHead(status).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url, answers, close };
}
