import { ConfigError } from '../../api/errors.ts';

/** Kafka reads standard input and writes standard output when no file is named; a function has neither. */
export function requireFile(file: string | null): string {
  if (file !== null && file !== '') return file;
  throw new ConfigError('Missing configuration "file"', {
    hint: 'Standard input and output are not supported: set "file" to a path, on a mounted file system when the connector runs in Lambda.',
  });
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT';
