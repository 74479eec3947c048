import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '../../infra/build-bundle.ts';

interface Probe {
  readonly lazy: () => Promise<Record<string, unknown>>;
  readonly lazyFunction: () => Promise<Record<string, unknown>>;
  readonly lazyModule: () => Promise<Record<string, unknown>>;
  readonly className: string;
  readonly hasRequire: boolean;
}

describe('a bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  let probe: Probe;

  beforeAll(async () => {
    write(
      'client.cjs',
      "exports.connect = () => 'connected'; Object.defineProperty(exports, 'native', { enumerable: true, get() { throw new Error('not installed'); } });",
    );
    write('function.cjs', 'module.exports = () => 42; module.exports.extra = 1;');
    write('module.mjs', "export const named = 'named'; export default 'default';");
    write(
      'entry.ts',
      `class SomeError extends Error { constructor() { super(); this.name = new.target.name; } }
      export const lazy = () => import('./client.cjs');
      export const lazyFunction = () => import('./function.cjs');
      export const lazyModule = () => import('./module.mjs');
      export const className: string = new SomeError().name;
      export const hasRequire = typeof require('node:os').hostname === 'function';`,
    );
    buildBundle(join(folder, 'entry.ts'), join(folder, 'out'));
    probe = (await import(pathToFileURL(join(folder, 'out', 'index.mjs')).href)) as Probe;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('names the exports of a CommonJS module that is imported lazily, as Node.js does', async () => {
    const { connect, default: whole } = await probe.lazy();
    expect((connect as () => string)()).toBe('connected');
    expect(whole).toHaveProperty('connect', connect);
  });

  it('does not read what such a module computes only when asked for', async () => {
    const module = await probe.lazy();
    expect(() => module['native']).toThrow('not installed');
  });

  it('takes a function that is a CommonJS module', async () => {
    const { default: whole, extra } = await probe.lazyFunction();
    expect([(whole as () => number)(), extra]).toEqual([42, 1]);
  });

  it('leaves ES modules as they are', async () => {
    expect({ ...(await probe.lazyModule()) }).toEqual({ named: 'named', default: 'default' });
  });

  it('keeps the names of classes, and gives CommonJS its require', () => {
    expect(probe).toMatchObject({ className: 'SomeError', hasRequire: true });
  });
});
