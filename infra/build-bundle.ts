import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

/** Lambda's Node.js knows no `require` in ES modules, and some clients are CommonJS inside. */
const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles an entry into `outdir/index.mjs`. With code splitting, so that what is imported lazily (vendor clients,
 * credential providers) stays in files of its own, which a cold start does not parse: it halves the time to load.
 * Answers what is in which file.
 */
export function buildBundle(file: string, outdir: string): Metafile {
  const { metafile } = buildSync({
    entryPoints: { index: file },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    // Errors are told by the names of their classes.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: banner },
    logLevel: 'warning',
    metafile: true,
  });
  for (const chunk of commonJsChunks(metafile)) nameExports(resolve(chunk));
  return metafile;
}

/** Files that exist because of `import('…')` of a CommonJS module. */
const commonJsChunks = ({ inputs, outputs }: Metafile): string[] =>
  Object.entries(outputs)
    .filter(([, { entryPoint = '' }]) => inputs[entryPoint]?.format === 'cjs')
    .map(([path]) => path);

/**
 * esbuild gives such a file a default export only, where Node.js and every other mode of esbuild name what
 * `module.exports` holds. Names that are known at run time alone cannot be exported, but `import()` awaits what it
 * loads: an exported `then` puts an object with all the names in the namespace's place. Appended, so that the
 * source map stays true; getters stay getters, as reading one may load more.
 */
function nameExports(chunk: string): void {
  const text = readFileSync(chunk, 'utf8');
  const map = text.lastIndexOf('//# sourceMappingURL=');
  const naming = `import __cjs from ${JSON.stringify(`./${basename(chunk)}`)};
export const then = (resolve) => {
  const names = Object.getOwnPropertyNames(__cjs).map((name) => [name, { enumerable: true, get: () => __cjs[name] }]);
  resolve(Object.create(null, { ...Object.fromEntries(names), default: { enumerable: true, value: __cjs } }));
};
`;
  writeFileSync(chunk, text.slice(0, map) + naming + text.slice(map));
}
