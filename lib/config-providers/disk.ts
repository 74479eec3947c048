import { readFile, stat } from 'node:fs/promises';
import type { Files } from './files.ts';

export const disk: Files = {
  kindOf: async (path) => {
    try {
      const found = await stat(path);
      if (found.isFile()) return 'file';
      return found.isDirectory() ? 'directory' : 'other';
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw error;
    }
  },
  read: (path) => readFile(path),
};
