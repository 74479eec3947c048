import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits 30 s at most for an HTTP server; its stderr, a pipe, is what the error quotes. Leaves stopping to the caller. */
export async function untilAnswers(name: string, server: ChildProcess, endpoint: string): Promise<void> {
  let errors = '';
  server.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null)
      throw new Error(`${name} ended with code ${server.exitCode}: ${errors.slice(0, 2000)}`);
    // Any answer will do: without a signature it is an error.
    if (await answers(endpoint)) return;
    await sleep(100);
  }
  throw new Error(`${name} does not answer: ${errors.slice(0, 2000)}`);
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );
