import { objectKeyOf, type UsesSettings } from '../board/recordUses.ts';
import type { Config } from '../config/config.ts';
import { appIdOf } from '../prove/configuredClient.ts';
import { ownCredentials } from '../scan/rules/ownCredentials.ts';

/**
 * What the logs cannot tell from the work of Keywatch: the tokens of the grants that it refreshes, what it signs and
 * seals with, and the applications as which it signs in to prove them.
 */
export const ownUse = ({
  grants,
  refresh,
  rotate,
  clients,
}: Pick<Config, 'grants' | 'refresh' | 'rotate' | 'clients'>): Pick<
  UsesSettings,
  'ownObjects' | 'provenAppIds'
> => {
  const refreshed = grants.filter(({ grant }) => grant.mode === 'refreshed');
  const objects = [
    ...refreshed.map(({ grant }) => ({ kind: 'secret' as const, ...grant.secret })),
    ...ownCredentials(refreshed, refresh?.sealingKeyId ?? rotate?.sealingKeyId),
  ];
  return {
    ownObjects: new Set(objects.map(({ vaultUrl, kind, name }) => objectKeyOf(vaultUrl, kind, name))),
    provenAppIds: new Set(clients.flatMap(({ subject }) => appIdOf(subject)?.toLowerCase() ?? [])),
  };
};
