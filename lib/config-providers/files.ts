/** The files a config provider reads: a port, so that its rules need no disk. */
export interface Files {
  /** What is at a path, links followed; null when nothing is. */
  kindOf(path: string): Promise<'file' | 'directory' | 'other' | null>;
  /** Rejects when the file is not there or not readable. */
  read(path: string): Promise<Uint8Array>;
}

/** The text of a file. Rejects with a TypeError when it is not UTF-8, which Kafka's providers refuse as well. */
export async function readText(files: Files, path: string): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await files.read(path));
}
