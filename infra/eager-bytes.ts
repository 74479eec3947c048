import type { Metafile } from 'esbuild';

/** Bytes of a bundle that Node.js parses before the first event, by the package they come from; ours are under ``. */
export function eagerBytes({ outputs }: Metafile): ReadonlyMap<string, number> {
  const [entry] = Object.keys(outputs).filter((path) => path.endsWith('/index.mjs'));
  const bytes = new Map<string, number>();
  for (const path of entry === undefined ? [] : loadedWith(entry, outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs[path]?.inputs ?? {})) {
      const [, name = ''] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return bytes;
}

function loadedWith(
  path: string,
  outputs: Metafile['outputs'],
  seen: Set<string> = new Set(),
): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { kind, path: imported } of outputs[path]?.imports ?? [])
    if (kind === 'import-statement' && outputs[imported] !== undefined) loadedWith(imported, outputs, seen);
  return seen;
}
