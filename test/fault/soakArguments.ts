import { parseArgs } from 'node:util';

export interface SoakRequest {
  readonly runs: number;
  readonly seed: number;
  /** Of one failure: only its schedule is run. */
  readonly path: string | undefined;
  readonly withRaces: boolean;
}

const USAGE = 'npm run soak [-- RUNS] [-- --seed N [--path P]], with whole numbers';

/** What `npm run soak` was asked for; a seed is made up where none is given. */
export const parseSoakArguments = (
  given: readonly string[],
): ({ readonly ok: true } & SoakRequest) | { readonly ok: false; readonly message: string } => {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    strict: false,
    options: { seed: { type: 'string' }, path: { type: 'string' } },
  });
  const { seed, path, ...unknown } = values;
  const [runs, ...more] = positionals;
  const isKnown = Object.keys(unknown).length === 0 && more.length === 0;
  const isWhole = [runs, seed].every((text) => text === undefined || /^\d{1,10}$/.test(String(text)));
  const isPath = path === undefined || (/^\d[\d:]*$/.test(String(path)) && seed !== undefined);
  if (!isKnown || !isWhole || !isPath) return { ok: false, message: USAGE };
  return {
    ok: true,
    runs: path === undefined ? Number(runs ?? 1_000_000) : 1,
    seed: Number(seed ?? Math.floor(Math.random() * 2 ** 31)),
    path: path === undefined ? undefined : String(path),
    withRaces: runs === undefined && path === undefined,
  };
};
