/** Runs one call for each key at a time: who asks meanwhile gets what that one gives. */
export const oneAtATime = <Given extends readonly unknown[], T>(
  run: (key: string, ...given: Given) => Promise<T>,
): ((key: string, ...given: Given) => Promise<T>) => {
  const running = new Map<string, Promise<T>>();
  return (key, ...given) => {
    const before = running.get(key);
    if (before !== undefined) return before;
    const now = run(key, ...given).finally(() => running.delete(key));
    running.set(key, now);
    return now;
  };
};
