import { answer, inputOf } from './childProcess.ts';
import { LISTERS, type ListerName } from './listers.ts';

/** One way of listing, once, in a process of its own. */
export interface ListInput {
  readonly lister: ListerName;
  readonly token: string;
  /** Gone through first, so that loading the SDKs is not measured. */
  readonly warmUpUrls: readonly string[];
  readonly urls: readonly string[];
  /** Forces a collection now and then, for what is really held; slows everything down. */
  readonly collectEveryMs?: number;
}

export interface ListResult {
  readonly secrets: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** As the kernel saw it, from the start of the process on. */
  readonly peakRssBytes: number;
  /** Largest heap right after a forced collection; 0 without one. */
  readonly peakHeldBytes: number;
  readonly samples: number;
}

const { lister, token, warmUpUrls, urls, collectEveryMs } = inputOf<ListInput>();
const list = LISTERS[lister];
await list(warmUpUrls, token);

let peakHeldBytes = 0;
let samples = 0;
const sample = () => {
  globalThis.gc?.();
  samples += 1;
  peakHeldBytes = Math.max(peakHeldBytes, process.memoryUsage().heapUsed);
};
const sampling = collectEveryMs === undefined ? undefined : setInterval(sample, collectEveryMs);

const startedMs = performance.now();
const startedCpu = process.cpuUsage();
const secrets = await list(urls, token);
const { user, system } = process.cpuUsage(startedCpu);
const wallMs = performance.now() - startedMs;
clearInterval(sampling);

const result: ListResult = {
  secrets,
  wallMs,
  cpuMs: (user + system) / 1000,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
  peakHeldBytes,
  samples,
};
await answer(result);
process.exit();
