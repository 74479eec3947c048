/** String.hashCode of Java. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The order in which a HashSet or HashMap that grew by these keys lists them: some messages of Connect show it. */
export function javaHashOrder(keys: readonly string[]): string[] {
  const distinct = [...new Set(keys)];
  let buckets = 16;
  while (distinct.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (key: string): number => {
    const hash = javaHashCode(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return distinct.toSorted((a, b) => bucketOf(a) - bucketOf(b));
}
