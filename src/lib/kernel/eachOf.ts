/**
 * Runs `run` for each item, in order, so many of them at a time at most. One that fails keeps nobody else from
 * their turn; when all have had it, this rejects with the first failure.
 */
export const eachOf = async <T>(
  items: readonly T[],
  concurrency: number,
  run: (item: T, index: number) => Promise<void>,
): Promise<void> => {
  const entries = items.entries();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const [index, item] of entries)
      await run(item, index).catch((cause: unknown) => failures.push(cause));
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
};
