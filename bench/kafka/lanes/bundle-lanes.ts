import { join } from 'node:path';
import { buildBundle } from '../../../infra/build-bundle.ts';

const names = [
  'our-producer',
  'our-consumer',
  'our-connect',
  'kafkajs-producer',
  'kafkajs-consumer',
] as const;
export type LaneName = (typeof names)[number];

/** File of each lane. */
export type Lanes = Readonly<Record<LaneName, string>>;

/** Bundles the lanes in Node as functions are for deployment: what is measured is what runs on Lambda. */
export function bundleLanes(folder: string): Lanes {
  const bundled = names.map((name): [LaneName, string] => {
    const outdir = join(folder, name);
    buildBundle(join(import.meta.dirname, `${name}.ts`), outdir);
    return [name, join(outdir, 'index.mjs')];
  });
  return Object.fromEntries(bundled) as Record<LaneName, string>;
}
