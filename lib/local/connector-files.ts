import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';

export interface ConnectorFile {
  readonly path: string;
  readonly name: string;
  readonly config: ConnectorConfig;
}

/**
 * Reads a connector file: `{"name": …, "config": {…}}` as posted to Connect's REST API, or the flat map of keys. The
 * name is the file's where neither says.
 */
export async function readConnectorFile(path: string): Promise<ConnectorFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`Cannot read ${path}`, {
      cause,
      hint: 'Check the path; connector files are JSON.',
    });
  });
  return parseConnectorFile(path, text);
}

export function parseConnectorFile(path: string, text: string): ConnectorFile {
  const parsed = parse(path, text);
  const nested = typeof parsed['config'] === 'object' && parsed['config'] !== null;
  const fields = nested ? (parsed['config'] as Record<string, unknown>) : parsed;
  const config = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, textOf(path, key, value)]),
  );
  const name =
    nested && typeof parsed['name'] === 'string'
      ? parsed['name']
      : (config['name'] ?? basename(path, extname(path)));
  return { path, name, config };
}

function parse(path: string, text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `${path} is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: 'A connector file is one JSON object: {"name": "orders", "config": {"connector.class": "…", …}}',
      },
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError(`${path} must hold one JSON object, {"name": "orders", "config": {…}}`);
  }
  return parsed as Record<string, unknown>;
}

/** Connect takes numbers and booleans as their text. */
function textOf(path: string, key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ConfigError(`${path}: the value of "${key}" must be a string, found ${JSON.stringify(value)}`, {
    hint: 'Lists are written as one string with commas: "a,b,c".',
  });
}
