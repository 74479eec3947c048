/**
 * The greedy match finder that the snappy and lz4 encoders share: a hash table of the last place where four bytes
 * were seen. `emit` gets the literals before a match, and the match.
 */
export interface LzLimits {
  /** A match may not start in the last so many bytes. */
  readonly matchMargin: number;
  /** The last so many bytes stay literals. */
  readonly literalTail: number;
  readonly maxDistance: number;
}

const hashBits = 14;
const minMatch = 4;

export function findMatches(
  input: Buffer,
  limits: LzLimits,
  emit: (literalsAt: number, matchAt: number, distance: number, length: number) => void,
): number {
  const table = new Int32Array(1 << hashBits).fill(-1);
  const lastMatchStart = input.length - limits.matchMargin;
  const matchEnd = input.length - limits.literalTail;
  let literalsAt = 0;
  let at = 0;
  while (at <= lastMatchStart) {
    const word = input.readInt32LE(at);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
    const candidate = table[slot] ?? -1;
    table[slot] = at;
    if (candidate < 0 || at - candidate > limits.maxDistance || input.readInt32LE(candidate) !== word) {
      at += 1 + ((at - literalsAt) >> 6); // hurry through what does not compress
      continue;
    }
    let length = minMatch;
    while (at + length < matchEnd && input[candidate + length] === input[at + length]) length++;
    emit(literalsAt, at, at - candidate, length);
    at += length;
    literalsAt = at;
  }
  return literalsAt;
}
