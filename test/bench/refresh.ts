import { runChild } from './childProcess.ts';
import { type Figure, mib, type Report, ratioFigure } from './figures.ts';
import { CLASSES, naiveCost, type RefreshCost, refreshCost } from './refreshCalls.ts';
import type { RefreshInput, RefreshResult } from './refreshProcess.ts';
import { measureRates } from './refreshRates.ts';

/** A multiple of 100: `BENCH_GRANTS=10000 npm run bench -- refresh` takes two minutes more. */
const GRANTS = Number(process.env['BENCH_GRANTS'] ?? 2_000);
const CONCURRENCY = 32;
const ENDPOINTS = 10;

/** Due grants against a token endpoint of 150 ms and stores of 20 ms: throughput, memory, rates, calls. */
export const measureRefresh = async (note: (line: string) => void): Promise<Report> => {
  if (!(GRANTS > 0 && GRANTS % 100 === 0)) throw new Error('BENCH_GRANTS: a multiple of 100');
  const costs: Figure[] = [];
  for (const [name, rotation] of Object.entries(CLASSES)) {
    costs.push(costFigure(name, await refreshCost(rotation), await naiveCost(rotation)));
  }
  const { pathMs } = await refreshCost({ kind: 'strict' });
  const input: RefreshInput = {
    endpoints: Array.from({ length: ENDPOINTS }, (_, index) => ({
      id: `provider-${index}`,
      grants: GRANTS / ENDPOINTS,
    })),
    concurrency: CONCURRENCY,
    runs: 1,
    periodSeconds: 600,
    forgetFinished: true,
    inspectMemoryAfter: [GRANTS / 10, GRANTS / 2, GRANTS],
  };
  const run = await runChild<RefreshResult>('refreshProcess.ts', input, ['--expose-gc']);
  const { refreshed, lost, heapBytes, sinceFirstMs, sinceRunMs, cpuMs } = run;
  if (refreshed !== GRANTS || lost > 0) throw new Error(`${refreshed} of ${GRANTS} refreshed, ${lost} lost`);
  const [few = Number.NaN, , all = Number.NaN] = heapBytes;
  const boundMs = (GRANTS / CONCURRENCY) * pathMs;
  const perSecond = (ms: number) => `${((1000 * GRANTS) / ms).toFixed(1)} a second`;
  note(`refreshed ${GRANTS}: ${perSecond(sinceFirstMs)}; the bound is ${perSecond(boundMs)}`);
  return {
    title: `Refresh of ${GRANTS.toLocaleString('en')} due grants of strict providers, ${CONCURRENCY} at a time`,
    figures: [
      ratioFigure('wall of the workers / latency bound', sinceFirstMs / boundMs, 1.25),
      ratioFigure('wall from the run of the timer / latency bound', sinceRunMs / boundMs),
      { what: `bound: ${pathMs} ms of calls in sequence`, value: perSecond(boundMs) },
      { what: 'workers', value: perSecond(sinceFirstMs) },
      { what: 'CPU a refresh', value: `${(cpuMs / GRANTS).toFixed(2)} ms` },
      ratioFigure('heap after a forced collection: all done / a tenth done', all / few, 1.1),
      {
        what: 'heap after a forced collection: a tenth, half, all done',
        value: heapBytes.map((bytes) => mib(bytes, 1)).join(', '),
      },
      ...(await measureRates(CONCURRENCY, note)),
      ...costs,
    ],
  };
};

const STORE_CALLS: readonly (readonly [string, RegExp])[] = [
  ['lease', /^control\.(acquire|renew|release)/],
  ['control read', /^control\.read/],
  ['control write', /^control\.(write|archiveUnreadable)/],
  ['vault get', /^vault\.read/],
  ['vault set', /^vault\.write/],
  ['vault list', /^vault\.list/],
  ['vault update', /^vault\.(update|disable)/],
  ['fallback store', /^fallback\./],
  ['queue', /^watchdog\./],
];

/** Calls to stores; the POST is everybody's, and sealing is local. */
const costFigure = (name: string, cost: RefreshCost, naive: RefreshCost): Figure => {
  const said = ({ calls, pathMs }: RefreshCost): string => {
    const parts = STORE_CALLS.map(([what, pattern]) => {
      const matching = Object.entries(calls).filter(([call]) => pattern.test(call));
      return { what, times: matching.reduce((sum, [, times]) => sum + times, 0) };
    }).filter(({ times }) => times > 0);
    const total = parts.reduce((sum, { times }) => sum + times, 0);
    return `${total} (${parts.map(({ what, times }) => `${what} ${times}`).join(', ')}), ${pathMs} ms`;
  };
  return {
    what: `store calls, and time with the POST: ${name}`,
    value: `${said(cost)}; naive ${said(naive)}`,
  };
};
