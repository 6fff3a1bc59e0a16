import { StorageSharedKeyCredential } from '@azure/storage-blob';
import type { Platform } from '../lib/app/platform.ts';
import type { IdentityProvider } from '../lib/callers/ports.ts';
import type { Azurite } from './azurite.ts';
import type { LocalClock } from './clock.ts';
import { refresherIdentity, rotatorIdentity, scannerIdentity } from './keyVault/identities.ts';
import type { KeyVaultStandIn } from './keyVault/keyVaultStandIn.ts';
import type { LocalTelemetry } from './localTelemetry.ts';

export interface LocalPlatformOptions {
  readonly clock: LocalClock;
  readonly standIn: KeyVaultStandIn;
  readonly telemetry: LocalTelemetry;
  readonly azurite: Azurite;
  /** Certificate of the token endpoint at which clients are proven. */
  readonly trusted: string;
  readonly identityProvider: IdentityProvider;
}

/** The platform of this machine: the three identities of the deployment, as narrow, and a clock that can be moved. */
export const localPlatform = ({
  clock,
  standIn,
  telemetry,
  azurite,
  trusted,
  identityProvider,
}: LocalPlatformOptions): Platform => ({
  clock,
  redactor: telemetry.redactor,
  telemetry: telemetry.telemetry,
  scanner: standIn.credentialFor(scannerIdentity),
  refresher: standIn.credentialFor(refresherIdentity('oauth-', 'keywatch-')),
  rotator: standIn.credentialFor(rotatorIdentity('oauth-app-')),
  storage: new StorageSharedKeyCredential(azurite.accountName, azurite.accountKey),
  storageAheadMs: clock.aheadMs,
  trusted,
  identityProvider,
});
