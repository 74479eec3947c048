/** Deals `elements` to at most `groups` groups, contiguously, the first ones one longer: Connect's groupPartitions. */
export function groupPartitions<T>(elements: readonly T[], groups: number): T[][] {
  const count = Math.min(elements.length, groups);
  const size = Math.floor(elements.length / count);
  const longer = elements.length % count;
  return Array.from({ length: count }, (_, i) => {
    const start = i * size + Math.min(i, longer);
    return elements.slice(start, start + size + (i < longer ? 1 : 0));
  });
}
