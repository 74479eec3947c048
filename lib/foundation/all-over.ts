/** Promise.all that ends when every one has: what goes on must not outlive the work that one failure has ended. */
export async function allOver<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
