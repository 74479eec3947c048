import { validator } from '../api/config-def/validators.ts';
import type { Validator } from '../api/config-def.ts';
import { ConfigError } from '../api/errors.ts';

interface Restriction {
  readonly lower: string | null;
  readonly upper: string | null;
  readonly includesLower: boolean;
  readonly includesUpper: boolean;
}

/** Which versions of a plugin a `….plugin.version` key allows (KIP-891): Maven's notation, `1.2` meaning only it. */
export class VersionRange {
  readonly #restrictions: readonly Restriction[];

  private constructor(restrictions: readonly Restriction[]) {
    this.#restrictions = restrictions;
  }

  /** Null for no range at all: `latest`, or nothing. Throws a ConfigError in Maven's words. */
  static parse(text: string | null | undefined): VersionRange | null {
    if (text === null || text === undefined || text === 'latest') return null;
    const spec = text.trim();
    return new VersionRange(/^[[(]/.test(spec) ? restrictionsOf(spec) : restrictionsOf(`[${spec}]`));
  }

  includes(version: string): boolean {
    return this.#restrictions.some(
      ({ lower, upper, includesLower, includesUpper }) =>
        (lower === null || compareVersions(version, lower) >= (includesLower ? 0 : 1)) &&
        (upper === null || compareVersions(version, upper) <= (includesUpper ? 0 : -1)),
    );
  }

  toString(): string {
    return this.#restrictions
      .map(
        ({ lower, upper, includesLower, includesUpper }) =>
          `${includesLower ? '[' : '('}${lower ?? ''},${upper ?? ''}${includesUpper ? ']' : ')'}`,
      )
      .join(',');
  }
}

/** A `….plugin.version` that is not a range. */
export const versionRange: Validator = {
  ...validator('version or range of versions', () => null),
  ensureValid: (_name, value) => {
    VersionRange.parse(value as string | null);
  },
};

function restrictionsOf(spec: string): Restriction[] {
  const restrictions: Restriction[] = [];
  let rest = spec;
  while (/^[[(]/.test(rest)) {
    const end = rest.search(/[\])]/);
    if (end < 0) throw new ConfigError(`Unbounded range: ${spec}`);
    const next = restrictionOf(rest.slice(0, end + 1));
    const before = restrictions.at(-1)?.upper;
    if (
      before !== undefined &&
      before !== null &&
      (next.lower === null || compareVersions(next.lower, before) < 0)
    ) {
      throw new ConfigError(`Ranges overlap: ${spec}`);
    }
    restrictions.push(next);
    rest = rest
      .slice(end + 1)
      .trim()
      .replace(/^,\s*/, '');
  }
  if (rest !== '')
    throw new ConfigError(`Only fully-qualified sets allowed in multiple set scenario: ${spec}`);
  return restrictions;
}

function restrictionOf(spec: string): Restriction {
  const includesLower = spec.startsWith('[');
  const includesUpper = spec.endsWith(']');
  const inner = spec.slice(1, -1).trim();
  const comma = inner.indexOf(',');
  if (comma < 0) {
    if (!includesLower || !includesUpper)
      throw new ConfigError(`Single version must be surrounded by []: ${spec}`);
    return { lower: inner, upper: inner, includesLower, includesUpper };
  }
  const lower = inner.slice(0, comma).trim() || null;
  const upper = inner.slice(comma + 1).trim() || null;
  if (lower !== null && upper !== null) {
    const order = compareVersions(upper, lower);
    if (order < 0 || (order === 0 && !(includesLower && includesUpper)))
      throw new ConfigError(`Range defies version ordering: ${spec}`);
  }
  return { lower, upper, includesLower, includesUpper };
}

/** Numbers as numbers, missing parts as 0, and a word before the number that would stand there: 1.0-rc < 1.0. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i] ?? 0, right[i] ?? 0];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    if (typeof x === 'string' && typeof y === 'string') return x < y ? -1 : 1;
    return typeof x === 'string' ? -1 : 1;
  }
  return 0;
}

const partsOf = (version: string): (number | string)[] =>
  version
    .toLowerCase()
    .split(/[.-]/)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
