import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

export interface Share {
  readonly where: string;
  readonly percent: number;
}

/** Runs `work` under V8's sampling profiler and sums self time by file or package. */
export async function profiled<T>(work: () => Promise<T>): Promise<{ result: T; shares: Share[] }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const nodes = new Map((profile.nodes as ProfileNode[]).map((node) => [node.id, node]));
  const times = new Map<string, number>();
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const node = nodes.get(id);
    const where = node === undefined ? '(unknown)' : placeOf(node);
    if (where === '(idle)' || where === '(program)') continue;
    times.set(where, (times.get(where) ?? 0) + (profile.timeDeltas?.[i] ?? 0));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const shares = [...times]
    .map(([where, time]) => ({ where, percent: (100 * time) / total }))
    .sort((a, b) => b.percent - a.percent);
  return { result, shares };
}

function placeOf({ callFrame: { functionName, url } }: ProfileNode): string {
  if (url === '') return functionName || '(native)';
  if (url.startsWith('node:')) return url;
  const path = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
  return dependency?.[1] ?? path;
}
