/** What a run took of this process. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Processor time of this process: on a machine that others use too, that is what is left of a wall clock. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

export const costOf = async <T>(run: () => T | Promise<T>): Promise<Cost & { readonly result: T }> => {
  const [startedMs, startedCpuMs] = [performance.now(), cpuMs()];
  const result = await run();
  return { result, wallMs: performance.now() - startedMs, cpuMs: cpuMs() - startedCpuMs };
};

/** Largest memory of a run. */
export interface Memory {
  /** As the kernel saw it, from the start of the process on. */
  readonly peakRssBytes: number;
  /** Largest heap right after a forced collection; 0 without one. */
  readonly peakHeldBytes: number;
  /** How many collections were forced. */
  readonly samples: number;
}

/**
 * The cost of a run with its memory.
 * @param collectEveryMs forces a collection now and then, for what is really held; slows everything down
 */
export const memoryOf = async <T>(
  run: () => Promise<T>,
  collectEveryMs?: number,
): Promise<Cost & Memory & { readonly result: T }> => {
  let peakHeldBytes = 0;
  let samples = 0;
  const sample = () => {
    globalThis.gc?.();
    samples += 1;
    peakHeldBytes = Math.max(peakHeldBytes, process.memoryUsage().heapUsed);
  };
  const sampling = collectEveryMs === undefined ? undefined : setInterval(sample, collectEveryMs);
  const cost = await costOf(run);
  clearInterval(sampling);
  return { ...cost, peakRssBytes: process.resourceUsage().maxRSS * 1024, peakHeldBytes, samples };
};
