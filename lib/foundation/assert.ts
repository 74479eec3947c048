/** Narrows away null and undefined where the code knows better than the types; a failure is a bug of ours. */
export function defined<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Bug: ${what} is missing`);
  return value;
}
