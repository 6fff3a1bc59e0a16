import { readKeyId, readOrigin } from '../readers.ts';
import { setting } from './setting.ts';

/** What keeps work and secrets through a crash. */
export const STORE_SETTINGS = {
  KEYWATCH_BLOB_SERVICE_URL: setting({
    meaning:
      'Blob service that holds the control record of every grant and rotation, and when each daily inventory was reported.',
    allowed: 'an address like https://ACCOUNT.blob.core.windows.net',
    sample: 'http://127.0.0.1:10000/devstoreaccount1',
    read: readOrigin,
  }),
  KEYWATCH_FALLBACK_BLOB_SERVICE_URL: setting({
    meaning:
      'Blob service for a sealed token that neither the vault nor the control store takes: of another storage account, best in another region. The sealed refresh tokens of grants that are refreshed too often for a vault are there as well. KEYWATCH_BLOB_SERVICE_URL when absent, which fails with the control store; `npm run check` says so.',
    allowed: 'an origin like https://ACCOUNT.blob.core.windows.net',
    read: readOrigin,
  }),
  KEYWATCH_QUEUE_SERVICE_URL: setting({
    meaning:
      'Queue service for the watchdog of refreshes in flight, the first scan and the count of poison messages.',
    allowed: 'an address like https://ACCOUNT.queue.core.windows.net',
    sample: 'http://127.0.0.1:10001/devstoreaccount1',
    read: readOrigin,
  }),
  KEYWATCH_SEALING_KEY_ID: setting({
    meaning: 'Key Vault key (RSA) that seals a rotated token, or a new client secret, in its record.',
    allowed: 'a key identifier without a version, like https://NAME.vault.azure.net/keys/KEY',
    sample: 'https://kv-contoso-prod.vault.azure.net/keys/keywatch-seal',
    read: readKeyId,
  }),
};
