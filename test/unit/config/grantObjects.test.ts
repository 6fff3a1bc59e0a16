import { describe, expect, it } from 'vitest';
import { grantObjectKey } from '../../../src/lib/scan/rules/assess.ts';
import { BOOKINGS, configOf, PARTNER } from '../../fakes/config.ts';

const SETTINGS = {
  KEYWATCH_BLOB_SERVICE_URL: 'https://kw.blob.core.windows.net',
  KEYWATCH_QUEUE_SERVICE_URL: 'https://kw.queue.core.windows.net',
  KEYWATCH_SEALING_KEY_ID: 'https://kv-a.vault.azure.net/keys/seal',
};
const VAULT = BOOKINGS.vault;

describe('the policy of a vault', () => {
  it('names the owner of what its grants use: the token, and the secret or key of the client', () => {
    const keyed = { id: 'keyed', tokenEndpoint: PARTNER.tokenEndpoint } as const;
    const { clientSecret: _, ...rest } = BOOKINGS;
    const config = configOf(SETTINGS, {
      providers: [PARTNER, { ...keyed, clientAuthenticationMethod: 'private_key_jwt' }],
      grants: [
        { ...BOOKINGS, secretName: 'Bookings-Token', owner: 'bookings-team' },
        {
          ...rest,
          id: 'other',
          provider: 'keyed',
          secretName: 'other-token',
          clientKey: { vault: 'https://kv-b.vault.azure.net', keyName: 'signer', isCertificate: true },
          owner: 'other-team',
        },
      ],
    });
    const ownerOf = (vault: string, kind: 'secret' | 'key' | 'certificate', name: string) =>
      config.policyOf(vault).grantObjects?.get(grantObjectKey(kind, name))?.owner;
    expect(ownerOf(VAULT, 'secret', 'bookings-token')).toBe('bookings-team');
    expect(ownerOf(VAULT, 'secret', 'bookings-client-secret')).toBe('bookings-team');
    expect(ownerOf(VAULT, 'secret', 'other-token')).toBe('other-team');
    expect(ownerOf('https://kv-b.vault.azure.net', 'certificate', 'signer')).toBe('other-team');
    expect(config.policyOf('https://kv-c.vault.azure.net').grantObjects).toBeUndefined();
  });
});
