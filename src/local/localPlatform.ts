import { StorageSharedKeyCredential } from '@azure/storage-blob';
import type { Platform } from '../lib/platform.ts';
import type { Azurite } from './azurite.ts';
import type { LocalClock } from './clock.ts';
import { refresherIdentity, scannerIdentity } from './keyVault/identities.ts';
import type { KeyVaultStandIn } from './keyVault/keyVaultStandIn.ts';
import type { LocalTelemetry } from './localTelemetry.ts';

/** Secrets and keys that begin so are the refresher's; everything else is closed to it, as in Azure. */
export const GRANT_PREFIX = 'keywatch-';

export interface LocalPlatformOptions {
  readonly clock: LocalClock;
  readonly standIn: KeyVaultStandIn;
  readonly azurite: Azurite;
  readonly telemetry: LocalTelemetry;
}

/** The same two identities as in Azure, known to the stand-ins, with the same rights. */
export const localPlatform = ({ clock, standIn, azurite, telemetry }: LocalPlatformOptions): Platform => ({
  clock,
  redactor: telemetry.redactor,
  telemetry: telemetry.telemetry,
  scanner: standIn.credentialFor(scannerIdentity),
  refresher: standIn.credentialFor(refresherIdentity(GRANT_PREFIX)),
  storage: new StorageSharedKeyCredential(azurite.accountName, azurite.accountKey),
});
