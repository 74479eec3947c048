import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConfigProvider } from '../config-providers/placeholders.ts';

/** Files by their name, which may hold folders: `in/orders.txt`. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A temporary folder for a connector's files, whose paths a config writes as `${files:name}`. */
export class WorkFolder implements AsyncDisposable {
  readonly path: string;
  readonly provider: ConfigProvider;

  private constructor(path: string) {
    this.path = path;
    this.provider = {
      get: async (_path, keys) => Object.fromEntries(keys.map((name) => [name, join(path, name)])),
    };
  }

  static async create(): Promise<WorkFolder> {
    return new WorkFolder(await mkdtemp(join(tmpdir(), 'sluice-test-')));
  }

  async write(files: Files): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }

  read(name: string): Promise<string> {
    return readFile(join(this.path, name), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
