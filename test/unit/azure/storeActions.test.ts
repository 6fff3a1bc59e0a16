import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { type StoreActions, storageActions } from '../../../src/lib/azure/storeActions.ts';
import { storeFailureOf } from '../../../src/lib/azure/storeFailures.ts';
import { clientCredentialActions } from '../../../src/lib/oauth/keyVault/keyVaultClientCredentials.ts';
import { tokenSecretActions } from '../../../src/lib/stores/keyVault/keyVaultTokenStore.ts';

const VAULT = 'https://kv-clients.vault.azure.net';
const SIGNER = { setting: 'clientKey', vaultUrl: VAULT, name: 'signer' };
const token = tokenSecretActions({ vaultUrl: 'https://kv.vault.azure.net', name: 'crm-token' });
const secret = clientCredentialActions({
  kind: 'secret',
  setting: 'clientSecret',
  vaultUrl: VAULT,
  name: 'oauth-client',
});
const key = clientCredentialActions({ ...SIGNER, kind: 'key' });
const certificate = clientCredentialActions({ ...SIGNER, kind: 'certificate' });
const container = storageActions({
  what: 'the container keywatch-control',
  setting: 'KEYWATCH_BLOB_SERVICE_URL',
  role: 'Storage Blob Data Contributor',
  meanwhile: 'nothing is refreshed',
});

const OBJECTS: readonly StoreActions[] = [token, secret, key, certificate];
const REASONS = ['unavailable', 'throttled', 'forbidden', 'not_found', 'deleted', 'disabled'] as const;

describe("what is to be done about a store's failure", () => {
  it('never sends the refresh token anywhere but into its own secret', () => {
    for (const actions of OBJECTS) {
      for (const reason of [...REASONS, 'rejected'] as const) {
        const action = actions(reason);
        expect(action?.includes('the refresh token into'), `${reason}: ${action}`).toBe(
          actions === token && reason === 'not_found',
        );
      }
    }
    expect(secret('not_found')).toContain(
      "Write the client's secret (not the refresh token) into secret oauth-client of kv-clients",
    );
  });

  it('names the object that it is about, in its vault', () => {
    expect(token('forbidden')).toContain('secret crm-token of kv,');
    expect(token('forbidden')).toContain('Azure Policy');
    expect(secret('forbidden')).toContain('oauth-client of kv-clients');
    expect(key('disabled')).toContain(
      'az keyvault key set-attributes --vault-name kv-clients --name signer --enabled true',
    );
    expect(certificate('forbidden')).toContain(
      'Key Vault Certificate User on certificate signer of kv-clients',
    );
    expect(container('not_found')).toContain('keywatch-control');
  });

  it.each(['BlobArchived', 'BlobBeingRehydrated', 'BlobImmutableDueToPolicy', 'BlobImmutableDueToLegalHold'])(
    'asks for a person where Blob Storage answers %s: waiting does not help',
    (errorCode) => {
      const error = new RestError('no', { statusCode: 409 });
      error.details = { errorCode };
      const call = { store: 'control', what: 'write it', writes: true, nowEpochMs: 0 } as const;
      expect(storeFailureOf(error, { ...call, actions: container })).toMatchObject({
        ...{ code: 'control_locked', retryable: false, mayHaveLanded: false },
        action: expect.stringContaining('Nobody may change what is in the container keywatch-control'),
      });
    },
  );

  it('says what does not work meanwhile', () => {
    expect(container('forbidden')).toMatch(
      /Storage Blob Data Contributor .* Until then nothing is refreshed\./,
    );
  });

  it('is to recover first what is soft-deleted, with the command', () => {
    expect(token('deleted')).toContain(
      'Recover it first: az keyvault secret recover --vault-name kv --name crm-token',
    );
    expect(secret('deleted')).toContain(
      'az keyvault secret recover --vault-name kv-clients --name oauth-client',
    );
    expect(key('deleted')).toContain('az keyvault key recover');
    expect(certificate('deleted')).toContain('az keyvault certificate recover');
  });

  it('is never nothing for what only a person can mend', () => {
    for (const actions of OBJECTS) {
      for (const reason of ['forbidden', 'not_found', 'deleted', 'disabled', 'rejected'] as const)
        expect(actions(reason), reason).not.toMatch(/^Nothing/);
    }
  });
});
