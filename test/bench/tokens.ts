import { Agent, request } from 'node:http';
import { startChild } from './childProcess.ts';
import { type Figure, median, type Report, ratioFigure } from './figures.ts';
import type { TokenHost } from './tokenHostProcess.ts';

const CALLERS = 200;
const CONNECTIONS = 16;
const CALLS = 4_000;
const RUNS = 5;

interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

const post = (url: string, token: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject).end();
  });

/** So many calls, each connection one after the other. */
const load = async (url: string, callers: readonly string[]): Promise<Load> => {
  const tookMs: number[] = [];
  let begun = 0;
  const startMs = performance.now();
  const connection = async (): Promise<void> => {
    while (begun < CALLS) {
      const token = callers[begun++ % callers.length] ?? '';
      const fromMs = performance.now();
      const status = await post(url, token);
      if (status !== 200) throw new Error(`${url} answered ${status}`);
      tookMs.push(performance.now() - fromMs);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const sorted = tookMs.toSorted((a, b) => a - b);
  return {
    perSecond: (CALLS / (performance.now() - startMs)) * 1000,
    p50Ms: median(sorted),
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  };
};

/** What a hit at the token endpoint costs, beside a function that does nothing in the same host. */
export const measureTokens = async (note: (line: string) => void): Promise<Report> => {
  const child = await startChild<TokenHost>('tokenHostProcess.ts', { callers: CALLERS });
  const { tokenUrl, bareUrl, callers } = child.message;
  const runs: { readonly bare: Load; readonly hit: Load }[] = [];
  try {
    await load(bareUrl, callers);
    await load(tokenUrl, callers);
    for (let run = 1; run <= RUNS; run++) {
      const result = { bare: await load(bareUrl, callers), hit: await load(tokenUrl, callers) };
      note(`${run}/${RUNS} ${JSON.stringify(result)}`);
      runs.push(result);
    }
  } finally {
    agent.destroy();
    await child.end();
  }
  const ratio = (of: keyof Load) => median(runs.map(({ bare, hit }) => hit[of] / bare[of]));
  const middle = (of: keyof Load) =>
    [runs.map(({ bare }) => bare[of]), runs.map(({ hit }) => hit[of])].map(median);
  const both = (what: string, of: keyof Load, unit: string): Figure => ({
    what,
    value: middle(of)
      .map((value) => `${value.toFixed(of === 'perSecond' ? 0 : 1)} ${unit}`)
      .join(', '),
  });
  return {
    title: `Access tokens: a hit of ${CALLERS} callers over ${CONNECTIONS} connections; medians of ${RUNS} runs of ${CALLS.toLocaleString('en')} calls`,
    figures: [
      ratioFigure('requests a second: bare function / hit', 1 / ratio('perSecond'), 2),
      ratioFigure('p99: hit / bare function', ratio('p99Ms'), 2),
      both('requests a second: bare function, hit', 'perSecond', '/s'),
      both('p50: bare function, hit', 'p50Ms', 'ms'),
      both('p99: bare function, hit', 'p99Ms', 'ms'),
    ],
  };
};
