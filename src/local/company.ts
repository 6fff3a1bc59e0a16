import type { TokenCredential } from '@azure/core-auth';
import { StorageSharedKeyCredential } from '@azure/storage-blob';
import type { Platform } from '../lib/app/platform.ts';
import type { IdentityProvider } from '../lib/callers/ports.ts';
import type { Azurite } from './azurite.ts';
import { ownerIdentity, refresherIdentity, rotatorIdentity, scannerIdentity } from './keyVault/identities.ts';
import type { KeyVaultStandIn } from './keyVault/keyVaultStandIn.ts';

/** All that it takes to work with the company of this machine, from its own process or from another. JSON can hold it. */
export interface Company {
  /** Tokens of the three identities of the deployment, as narrow, and of whoever owns the vaults. */
  readonly tokens: Readonly<Record<'scanner' | 'refresher' | 'rotator' | 'owner', string>>;
  readonly vaults: readonly { readonly name: string; readonly url: string }[];
  readonly storage: { readonly accountName: string; readonly accountKey: string };
  /** Certificate of the token endpoint at which clients are proven. */
  readonly trusted: string;
  readonly identityProvider: Omit<IdentityProvider, 'clientAssertion'>;
}

export const companyOf = (
  { mintToken, vaults }: KeyVaultStandIn,
  { accountName, accountKey }: Azurite,
  { trusted, identityProvider }: Pick<Company, 'trusted' | 'identityProvider'>,
): Company => {
  const { issuer, tenantId, jwksUri, authorizationEndpoint, tokenEndpoint } = identityProvider;
  return {
    tokens: {
      scanner: mintToken(scannerIdentity),
      refresher: mintToken(refresherIdentity),
      rotator: mintToken(rotatorIdentity),
      owner: mintToken(ownerIdentity),
    },
    vaults: vaults.map(({ name, url }) => ({ name, url })),
    storage: { accountName, accountKey },
    trusted,
    identityProvider: { issuer, tenantId, jwksUri, authorizationEndpoint, tokenEndpoint },
  };
};

/** SDK clients ask for another token before this, by the machine's clock. */
const FAR_EPOCH_MS = Date.UTC(2100, 0);

const signedIn = (token: string): TokenCredential => ({
  getToken: async () => ({ token, expiresOnTimestamp: FAR_EPOCH_MS }),
});

/** The platform of this machine: the three identities of the deployment, and a clock that can be moved. */
export const companyPlatform = (
  { tokens, storage, trusted }: Company,
  own: Pick<Platform, 'clock' | 'telemetry' | 'redactor' | 'identityProvider' | 'storageAheadMs'>,
): Platform => ({
  ...own,
  scanner: signedIn(tokens.scanner),
  refresher: signedIn(tokens.refresher),
  rotator: signedIn(tokens.rotator),
  storage: new StorageSharedKeyCredential(storage.accountName, storage.accountKey),
  trusted,
});
