/** Runs `run` for each item, in order, so many of them at a time at most. Rejects as `run` does. */
export const eachOf = async <T>(
  items: readonly T[],
  concurrency: number,
  run: (item: T, index: number) => Promise<void>,
): Promise<void> => {
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) await run(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
};
