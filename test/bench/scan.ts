import { AS_DEPLOYED, runChild, startChild } from './childProcess.ts';
import { inRounds, median, medianOf, type Report, ratioFigure } from './figures.ts';
import type { ListerName } from './listers.ts';
import type { ListInput, ListResult } from './listProcess.ts';
import type { Vaults, VaultsInput } from './vaultProcess.ts';

const VAULTS = 40;
const SECRETS = 100_000;
const LATENCY_MS = 20;
const PAGE_SIZE = 25;
const RUNS = 7;
const ORDER: readonly ListerName[] = ['bare', 'keywatch', 'barePages', 'keywatchReporting'];

/** 100,000 secrets over forty vaults that answer a page in 20 ms: our scan beside bare loops over the SDK. */
export const measureScan = async (note: (line: string) => void): Promise<Report> => {
  const secretsEach = SECRETS / VAULTS;
  const input: VaultsInput = {
    secrets: [2 * PAGE_SIZE, ...Array.from({ length: VAULTS }, () => secretsEach)],
    latencyMs: LATENCY_MS,
  };
  const vaults = await startChild<Vaults>('vaultProcess.ts', input);
  const [warmUpUrl = '', ...urls] = vaults.message.urls;
  const { token } = vaults.message;
  const results = await inRounds(ORDER, RUNS, async (lister, run) => {
    const list: ListInput = { lister, token, warmUpUrls: [warmUpUrl], urls };
    const result = await runChild<ListResult>('listProcess.ts', list, AS_DEPLOYED);
    if (result.secrets !== SECRETS) throw new Error(`${lister} saw ${result.secrets} secrets`);
    note(`${run}/${RUNS} ${lister}: ${Math.round(result.wallMs)} ms, CPU ${Math.round(result.cpuMs)} ms`);
    return result;
  });
  await vaults.end();

  const all = (lister: ListerName, of: 'wallMs' | 'cpuMs') => results[lister].map((result) => result[of]);
  /** Run by run, as the two of a run met the same weather on the machine. */
  const ratio = (of: 'wallMs' | 'cpuMs', lister: ListerName, to: ListerName) => {
    const divisors = all(to, of);
    return median(all(lister, of).map((value, run) => value / (divisors[run] ?? Number.NaN)));
  };
  const boundMs = Math.ceil(secretsEach / PAGE_SIZE) * LATENCY_MS;
  const overBound = (lister: ListerName) => medianOf(results[lister], 'wallMs') / boundMs;
  const microsecondsEach = (lister: ListerName) =>
    ((1000 * medianOf(results[lister], 'cpuMs')) / SECRETS).toFixed(1);
  return {
    title: `Scan of ${SECRETS.toLocaleString('en')} secrets over ${VAULTS} vaults, ${LATENCY_MS} ms a page; medians of ${RUNS} runs`,
    figures: [
      ratioFigure('wall: scan / bare loops', ratio('wallMs', 'keywatch', 'bare'), 1.15),
      ratioFigure('CPU a secret: scan / bare loops', ratio('cpuMs', 'keywatch', 'bare'), 1.3),
      ratioFigure('wall: scan / bare loops by page', ratio('wallMs', 'keywatch', 'barePages')),
      ratioFigure('CPU a secret: scan / bare loops by page', ratio('cpuMs', 'keywatch', 'barePages')),
      ratioFigure('wall: scan / latency bound (pages of the largest vault x latency)', overBound('keywatch')),
      ratioFigure('wall: bare loops / latency bound', overBound('bare')),
      ratioFigure(
        'wall: scan that tells every credential / bare loops',
        ratio('wallMs', 'keywatchReporting', 'bare'),
      ),
      ratioFigure(
        'CPU a secret: scan that tells every credential / bare loops',
        ratio('cpuMs', 'keywatchReporting', 'bare'),
      ),
      {
        what: `CPU a secret, microseconds: ${ORDER.join(', ')}`,
        value: ORDER.map(microsecondsEach).join(', '),
      },
    ],
  };
};
