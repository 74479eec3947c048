import { posix } from 'node:path';
import { ConfigError } from '../api/errors.ts';
import type { Files } from './files.ts';

/** `allowed.paths` of Kafka's file providers: what lies outside of them is not read. Absent or empty: no limit. */
export class AllowedPaths {
  readonly #files: Files;
  readonly #paths: readonly string[] | null;
  #missing: Promise<string | undefined> | undefined;

  /** Throws a ConfigError for a path that is not absolute. */
  constructor(allowed: string | undefined, files: Files) {
    this.#files = files;
    // As Java's split: empty elements count, but not those at the end.
    this.#paths = allowed ? allowed.replace(/,+$/, '').split(',').map(normalise) : null;
    for (const path of this.#paths ?? []) {
      if (!path.startsWith('/')) {
        throw new ConfigError(`Path ${path} is not absolute`, {
          hint: 'Write allowed.paths as absolute paths, with commas and no spaces between them.',
        });
      }
    }
  }

  /** The path to read instead of `path`, or null when it may not be read. Throws when an allowed path is not there. */
  async resolve(path: string): Promise<string | null> {
    if (this.#paths === null) return path;
    this.#missing ??= this.#firstMissing(this.#paths);
    const missing = await this.#missing;
    if (missing !== undefined) {
      throw new ConfigError(`Path ${missing} does not exist`, {
        hint: 'It is one of allowed.paths of this config provider: create it or take it out.',
      });
    }
    const normal = normalise(path);
    return this.#paths.some((allowed) => isWithin(normal, allowed)) ? normal : null;
  }

  async #firstMissing(paths: readonly string[]): Promise<string | undefined> {
    for (const path of paths) if ((await this.#files.kindOf(path)) === null) return path;
    return undefined;
  }
}

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

/** `..` and `.` taken out, and no slash at the end, so that `/secrets/../etc` is not within `/secrets`. */
function normalise(path: string): string {
  if (path === '') return '';
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
