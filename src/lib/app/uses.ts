import { randomUUID } from 'node:crypto';
import { partOfApp } from './app.ts';

/** Who uses which credential, as far as a workspace may be asked. */
export const uses = partOfApp(async ({ config, connections }) => ({
  /** Asks once a day, and keeps the answer for the board. Never rejects. */
  async recordDaily(): Promise<void> {
    if (config.useWorkspaceId === undefined) return;
    const { useLogs: logs, state: store, clock, telemetry } = await connections();
    if (logs === undefined || store === undefined) return;
    const [{ recordUses }, { ownUse }] = await Promise.all([
      import('../board/recordUses.ts'),
      import('./ownUse.ts'),
    ]);
    const ports = { store, clock, telemetry, logs, newId: randomUUID };
    await recordUses({ ...config, ...ownUse(config) }, ports);
  },
}));
