import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** SIGKILL, also to one that is frozen; resolves when it has ended. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
