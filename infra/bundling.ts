import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { buildBundle } from './build-bundle.ts';

/** What a function needs to know: which factory of `functions/` to call, with the plugins of which modules. */
export interface Entry {
  /** Names the generated file: the function's name. */
  readonly name: string;
  /** File in `functions/` and its exported factory; without one, the file itself exports `handler`. */
  readonly module: 'coordinator' | 'worker' | 'connector-resource';
  readonly factory?: string;
  /** Absolute paths of the modules whose plugins the function carries. */
  readonly plugins: readonly string[];
}

const functionsFolder = fileURLToPath(new URL('../functions/', import.meta.url));

/** A function's code, bundled at synth in this process: no container. */
export function bundle(scope: Construct, entry: Entry): Code {
  const folder = join(Stage.of(scope)?.outdir ?? 'cdk.out', '.sluice-entries', entry.name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'index.ts');
  writeFileSync(file, entrySource(entry));
  return Code.fromAsset(folder, {
    // By content, so that a function is deployed again only when its code has changed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle(outdir) {
          buildBundle(file, outdir);
          return true;
        },
      },
    },
  });
}

/** The generated entry: imports just the modules of the listed plugins. */
export function entrySource({ module, factory, plugins }: Entry): string {
  const from = (path: string): string => JSON.stringify(path);
  const functionFile = from(join(functionsFolder, `${module}.ts`));
  if (factory === undefined) return `export { handler } from ${functionFile};\n`;
  const imports = plugins.map((path, index) => `import * as plugins${index} from ${from(path)};\n`);
  const lists = plugins.map((_, index) => `...pluginsOf(plugins${index})`);
  return `import { ${factory} } from ${functionFile};
import { pluginsOf } from ${from(fileURLToPath(new URL('../lib/plugins/registry.ts', import.meta.url)))};
${imports.join('')}
export const handler = ${factory}([${lists.join(', ')}]);
`;
}
