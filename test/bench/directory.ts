import { AS_DEPLOYED, type Child, runChild, startChild } from './childProcess.ts';
import type { DirectoryInput, DirectoryUrl } from './directoryProcess.ts';
import type { DirectoryScanInput, DirectoryScanResult } from './directoryScanProcess.ts';
import { inRounds, medianOf, mib, type Report, ratioFigure } from './figures.ts';

const APPLICATIONS = { few: 5_000, many: 50_000 } as const;
const CREDENTIALS_EACH = 2;
const LATENCY_MS = 200;
const PAGE_SIZE = 999;
const RUNS = 3;
/** One in 200 needs attention: 250 applications of the many, whose owners and federations are asked for. */
const ONE_ENDS_OF = 200;

type Size = keyof typeof APPLICATIONS;
const SIZES = ['few', 'many'] as const;

/** A tenant of 50,000 applications with two secrets each, a page in 200 ms, beside one of 5,000. */
export const measureDirectory = async (note: (line: string) => void): Promise<Report> => {
  const start = (size: Size): Promise<Child<DirectoryUrl>> => {
    const common = { credentialsEach: CREDENTIALS_EACH, oneEndsOf: ONE_ENDS_OF, latencyMs: LATENCY_MS };
    const input: DirectoryInput = { applications: APPLICATIONS[size], ...common };
    return startChild<DirectoryUrl>('directoryProcess.ts', input);
  };
  const graphs = { few: await start('few'), many: await start('many') };
  const scan = async (size: Size, collects: boolean): Promise<DirectoryScanResult> => {
    const { url } = graphs[size].message;
    const input: DirectoryScanInput = { url, ...(collects ? { collectEveryMs: 50 } : {}) };
    const execArgv = collects ? ['--expose-gc'] : AS_DEPLOYED;
    const result = await runChild<DirectoryScanResult>('directoryScanProcess.ts', input, execArgv);
    const expected = APPLICATIONS[size] * CREDENTIALS_EACH;
    if (result.credentials !== expected) throw new Error(`saw ${result.credentials} of ${expected}`);
    if (result.attention !== expected / ONE_ENDS_OF)
      throw new Error(`knew the owners of ${result.attention}`);
    note(`${size}: ${Math.round(result.wallMs)} ms, CPU ${Math.round(result.cpuMs)} ms`);
    return result;
  };
  const timed = await inRounds(SIZES, RUNS, (size) => scan(size, false));
  const held = await inRounds(SIZES, RUNS, (size) => scan(size, true));
  await Promise.all(SIZES.map((size) => graphs[size].end()));

  const pages = Math.ceil(APPLICATIONS.many / PAGE_SIZE);
  const both = (results: typeof held, member: 'peakHeldBytes' | 'peakRssBytes') =>
    SIZES.map((size) => mib(medianOf(results[size], member))).join(', ');
  const sizes = SIZES.map((size) => APPLICATIONS[size].toLocaleString('en')).join(', ');
  const credentials = APPLICATIONS.many * CREDENTIALS_EACH;
  return {
    title: `Scan of a directory of ${APPLICATIONS.many.toLocaleString('en')} applications with ${CREDENTIALS_EACH} credentials each, ${LATENCY_MS} ms a request; medians of ${RUNS} runs`,
    figures: [
      ratioFigure(
        `wall: scan / latency bound (${pages} pages x latency)`,
        medianOf(timed.many, 'wallMs') / (pages * LATENCY_MS),
        1.2,
      ),
      ratioFigure(
        'largest heap after a forced collection: many / few',
        medianOf(held.many, 'peakHeldBytes') / medianOf(held.few, 'peakHeldBytes'),
        1.5,
      ),
      ratioFigure(
        'peak RSS, as deployed: many / few',
        medianOf(timed.many, 'peakRssBytes') / medianOf(timed.few, 'peakRssBytes'),
        1.5,
      ),
      { what: `largest heap after a forced collection: ${sizes}`, value: both(held, 'peakHeldBytes') },
      { what: `peak RSS, as deployed: ${sizes}`, value: both(timed, 'peakRssBytes') },
      {
        what: 'CPU a credential, microseconds',
        value: ((1000 * medianOf(timed.many, 'cpuMs')) / credentials).toFixed(1),
      },
    ],
  };
};
