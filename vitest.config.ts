import './scripts/prepareNode.cjs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * They need a process of their own: the first invocation of a process looks for a first scan, and the SDK of telemetry
 * keeps its providers in globals.
 */
const ONE_PROCESS_EACH = [
  'test/{integration/firstScan,contract/telemetry/operation,integration/telemetry/largeInventory}.test.ts',
];

/** `@azure/functions` asks once in a process what it runs on, and its answer stays: in `fast` there is nothing. */
const ON_THE_HOST = 'test/contract/functionsHost*.test.ts';

/**
 * For what hangs, not for what is slow: on a machine that has much else to do, everything takes many times as long.
 * Whoever waits for something to become true waits as long as a test may last.
 */
const PATIENCE = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 120_000 } },
};

/** V8 would begin with a young generation of a megabyte, and collect its garbage all the time until that has grown. */
const GROWN = { execArgv: ['--min-semi-space-size=16'] };

/** The longest files of `fast` and of `real`, in this order: one that begins last is waited for alone. */
const BEGIN_FIRST = [
  ...['fault/refreshYear', 'fault/sealedModel', 'fault/rotationModel', 'fault/refreshRaces'],
  ...['fault/refreshRandom', 'fault/refreshModel', 'infra/workbook', 'fault/readersAreLinear'],
  ...['e2e/gameDays', 'e2e/board', 'e2e/connect', 'e2e/kill', 'e2e/start', 'integration/refreshEnding'],
  ...['integration/bicep', 'integration/refreshProcesses', 'integration/refreshRacing', 'e2e/endings'],
];

const rankOf = ({ moduleId, project }: TestSpecification): number => {
  const rank = BEGIN_FIRST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  if (rank >= 0) return rank;
  // A worker is ended when a file of another project is next, and with it what its files share: Azurite, and bundles.
  return BEGIN_FIRST.length + (project.name === 'alone' ? 1 : 0);
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

/** Two workers at most: a file has child processes of its own, and some wait for the clock. */
const AFTER_FAST = {
  ...{ ...PATIENCE, ...GROWN },
  // For esbuild, which waits for more to bundle and would meanwhile keep its memory small.
  env: { GOGC: '800' },
  maxWorkers: Math.min(2, availableParallelism()),
  // Where that is not as many as for `fast`, vitest wants a group of its own.
  sequence: { groupOrder: 1 },
};

/**
 * `fast` holds what needs no server of its own; after it come `real`, what talks to child processes (Azurite,
 * authorization servers, browsers), and `alone`, what needs a process of its own.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    tags: [
      {
        name: 'exhaustive',
        description: 'What a smaller test of the same file stands for in npm run test:fast.',
      },
    ],
    projects: [
      {
        test: {
          name: 'fast',
          include: [
            'test/{unit,contract,fault,infra}/**/*.test.ts',
            'test/*.test.ts',
            'packages/*/test/**/*.test.ts',
          ],
          exclude: [...ONE_PROCESS_EACH, ON_THE_HOST],
          setupFiles: ['test/networkOff.ts', 'test/noSettings.ts'],
          // A worker keeps its modules from file to file: loading them anew was a third of all the work. What keeps
          // state in a module, or changes a global, puts it back.
          isolate: false,
          // As many as there are cores: by default one is kept free, which of two is half.
          maxWorkers: availableParallelism(),
          ...{ ...PATIENCE, ...GROWN },
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/{integration,e2e}/**/*.test.ts', ON_THE_HOST],
          exclude: ONE_PROCESS_EACH,
          isolate: false,
          ...AFTER_FAST,
        },
      },
      { test: { name: 'alone', include: ONE_PROCESS_EACH, ...AFTER_FAST } },
    ],
  },
});
