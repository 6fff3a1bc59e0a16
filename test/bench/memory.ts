import { keysOf } from '../../src/lib/kernel/keysOf.ts';
import { AS_DEPLOYED, runChild, startChild } from './childProcess.ts';
import { inRounds, medianOf, mib, type Report, ratioFigure } from './figures.ts';
import type { ListInput, ListResult } from './listProcess.ts';
import type { Vaults, VaultsInput } from './vaultProcess.ts';

const VAULTS = 40;
const SECRETS = { few: 10_000, many: 1_000_000 } as const;
const RUNS = 3;
/** Ten times as often where the scan is over soon. */
const COLLECT_EVERY_MS = { few: 20, many: 200 } as const;

type Size = keyof typeof SECRETS;
const SIZES = ['few', 'many'] as const;

interface Way {
  readonly lister: ListInput['lister'];
  readonly execArgv: readonly string[];
  readonly collects: boolean;
  readonly of: 'peakRssBytes' | 'peakHeldBytes';
}

/**
 * V8 makes room for new objects by the size of the machine, and fills it before it looks for what is free:
 * 64 MiB twice on a large one. So the npm script and the deployed app give it less (`AS_DEPLOYED`); what it
 * takes otherwise shows beside, for the scan and for bare loops.
 */
const WAYS = {
  bounded: {
    lister: 'keywatch',
    execArgv: AS_DEPLOYED,
    collects: false,
    of: 'peakRssBytes',
  },
  held: { lister: 'keywatch', execArgv: ['--expose-gc'], collects: true, of: 'peakHeldBytes' },
  roomy: { lister: 'keywatch', execArgv: [], collects: false, of: 'peakRssBytes' },
  bare: { lister: 'bare', execArgv: [], collects: false, of: 'peakRssBytes' },
} as const satisfies Record<string, Way>;
type WayName = keyof typeof WAYS;
const WAY_NAMES = keysOf(WAYS);

/** What a scan of a million secrets takes, beside one of ten thousand over as many vaults. */
export const measureMemory = async (note: (line: string) => void): Promise<Report> => {
  const start = (size: Size) => {
    const secrets = Array.from({ length: VAULTS }, () => SECRETS[size] / VAULTS);
    const input: VaultsInput = { secrets, latencyMs: 0 };
    return startChild<Vaults>('vaultProcess.ts', input);
  };
  const vaults = { few: await start('few'), many: await start('many') };
  const measure = async (name: WayName, size: Size): Promise<number> => {
    const { lister, execArgv, collects, of }: Way = WAYS[name];
    const { urls, token } = vaults[size].message;
    const collecting = collects ? { collectEveryMs: COLLECT_EVERY_MS[size] } : {};
    const input: ListInput = { lister, token, warmUpUrls: [], urls, ...collecting };
    const result = await runChild<ListResult>('listProcess.ts', input, execArgv);
    if (result.secrets !== SECRETS[size]) throw new Error(`${lister} saw ${result.secrets} secrets`);
    if (collects && result.samples < 3) throw new Error('the scan was over before its memory was measured');
    note(`${name}, ${size}: ${mib(result[of])}`);
    return result[of];
  };
  const measured = await inRounds(WAY_NAMES, RUNS, async (name) => ({
    few: await measure(name, 'few'),
    many: await measure(name, 'many'),
  }));
  await Promise.all(SIZES.map((size) => vaults[size].end()));

  const ratio = (name: WayName) => medianOf(measured[name], 'many') / medianOf(measured[name], 'few');
  const both = (name: WayName) => SIZES.map((size) => mib(medianOf(measured[name], size))).join(', ');
  const few = SECRETS.few.toLocaleString('en');
  const many = SECRETS.many.toLocaleString('en');
  return {
    title: `Memory of a scan of ${many} secrets beside one of ${few}, over ${VAULTS} vaults; medians of ${RUNS} runs`,
    figures: [
      ratioFigure('largest heap after a forced collection', ratio('held'), 1.5),
      ratioFigure('peak RSS, as deployed (--max-semi-space-size=16)', ratio('bounded'), 1.5),
      ratioFigure("peak RSS with V8's own young generation", ratio('roomy')),
      ratioFigure('peak RSS of bare loops over the SDK', ratio('bare')),
      { what: `largest heap after a forced collection: ${few}, ${many}`, value: both('held') },
      { what: `peak RSS, as deployed: ${few}, ${many}`, value: both('bounded') },
      { what: `peak RSS with V8's own young generation: ${few}, ${many}`, value: both('roomy') },
      { what: `peak RSS of bare loops: ${few}, ${many}`, value: both('bare') },
    ],
  };
};
