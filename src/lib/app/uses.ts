import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { ownCredentials } from '../scan/rules/ownCredentials.ts';
import { partOfApp } from './app.ts';

/** Who uses which credential, as far as a workspace may be asked. */
export const uses = partOfApp(async ({ config, connections }) => ({
  /** Asks once a day, and keeps the answer for the board. Never rejects. */
  async recordDaily(): Promise<void> {
    if (config.useWorkspaceId === undefined) return;
    const { useLogs: logs, state: store, clock, telemetry } = await connections();
    if (logs === undefined || store === undefined) return;
    const [{ recordUses, objectKeyOf }, { appIdOf }] = await Promise.all([
      import('../board/recordUses.ts'),
      import('../prove/configuredClient.ts'),
    ]);
    const provenAppIds = new Set(
      config.clients.flatMap(({ subject }) => appIdOf(subject)?.toLowerCase() ?? []),
    );
    const ownObjects = new Set(
      ownObjectsOf(config).map((one) => objectKeyOf(one.vaultUrl, one.kind, one.name)),
    );
    const ports = { store, clock, telemetry, logs, newId: randomUUID };
    await recordUses({ ...config, provenAppIds, ownObjects }, ports);
  },
}));

/** The tokens of the grants that Keywatch refreshes, and what it signs and seals with. */
const ownObjectsOf = ({ grants, refresh, rotate }: Config) => {
  const refreshed = grants.filter(({ grant }) => grant.mode === 'refreshed');
  return [
    ...refreshed.map(({ grant }) => ({ kind: 'secret' as const, ...grant.secret })),
    ...ownCredentials(refreshed, refresh?.sealingKeyId ?? rotate?.sealingKeyId),
  ];
};
