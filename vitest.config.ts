import { defineConfig } from 'vitest/config';

/**
 * Two projects: `fast` holds what needs no server of its own, `real` what talks to child processes
 * (Azurite, authorization servers, the functions host, Chromium) and runs one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: [
            'test/{unit,contract,fault,infra}/**/*.test.ts',
            'test/*.test.ts',
            'packages/*/test/**/*.test.ts',
          ],
          setupFiles: ['test/networkOff.ts', 'test/noSettings.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/{integration,e2e}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
