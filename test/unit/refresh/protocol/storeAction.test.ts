import { describe, expect, it } from 'vitest';
import type { StoreFailure } from '../../../../src/lib/kernel/storeFailure.ts';
import type { ClientCredentialReference } from '../../../../src/lib/oauth/rules/grant.ts';
import { storeProblem } from '../../../../src/lib/refresh/protocol/storeProblem.ts';
import { refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';

const failure = (store: StoreFailure['store'], code: StoreFailure['code']): StoreFailure => ({
  ok: false,
  store,
  code,
  permanence: 'permanent',
  detail: 'It was refused.',
  mayHaveLanded: false,
});

const SECRET = { vaultUrl: 'https://kv-clients.vault.azure.net', name: 'oauth-client' };
const client: Record<string, ClientCredentialReference> = {
  secret: { method: 'client_secret_post', secret: SECRET },
  key: { method: 'private_key_jwt', key: { ...SECRET, name: 'signer' }, isCertificate: false },
  certificate: { method: 'private_key_jwt', key: { ...SECRET, name: 'signer' }, isCertificate: true },
};

const action = (
  store: StoreFailure['store'],
  code: StoreFailure['code'],
  clientCredential: ClientCredentialReference = { method: 'none' },
): string =>
  storeProblem({ ...refreshWorld({ kind: 'strict' }).grant, clientCredential }, failure(store, code)).action;

const STORES = ['vault', 'control', 'seal', 'watchdog', 'fallback', 'client_credential'] as const;
const CODES = ['unavailable', 'throttled', 'forbidden', 'not_found', 'deleted', 'disabled'] as const;

describe("what is to be done about a store's failure", () => {
  it('never sends the refresh token anywhere but into its own secret', () => {
    for (const store of STORES) {
      for (const code of CODES) {
        for (const reference of Object.values(client)) {
          const told = action(store, code, reference);
          expect(told.includes('the refresh token into'), `${store} ${code}: ${told}`).toBe(
            store === 'vault' && code === 'not_found',
          );
        }
      }
    }
    expect(action('client_credential', 'not_found', client['secret'])).toContain(
      "Write the client's secret (not the refresh token) into secret oauth-client of kv-clients",
    );
  });

  it('names the object that it is about, in its vault', () => {
    expect(action('vault', 'forbidden')).toContain('secret crm-token of kv,');
    expect(action('client_credential', 'forbidden', client['secret'])).toContain(
      'oauth-client of kv-clients',
    );
    expect(action('client_credential', 'disabled', client['key'])).toContain(
      'az keyvault key set-attributes --vault-name kv-clients --name signer --enabled true',
    );
    expect(action('client_credential', 'forbidden', client['certificate'])).toContain(
      'Key Vault Certificate User on certificate signer of kv-clients',
    );
    expect(action('control', 'not_found')).toContain('keywatch-control');
    expect(action('fallback', 'not_found')).toContain('keywatch-fallback');
    expect(action('watchdog', 'not_found')).toContain('keywatch-refresh');
  });

  it('is to recover first what is soft-deleted, with the command', () => {
    expect(action('vault', 'deleted')).toContain(
      'Recover it first: az keyvault secret recover --vault-name kv --name crm-token',
    );
    expect(action('client_credential', 'deleted', client['secret'])).toContain(
      'az keyvault secret recover --vault-name kv-clients --name oauth-client',
    );
    expect(action('client_credential', 'deleted', client['key'])).toContain('az keyvault key recover');
    expect(action('client_credential', 'deleted', client['certificate'])).toContain(
      'az keyvault certificate recover',
    );
  });

  it('is never nothing for what only a person can mend', () => {
    for (const store of STORES) {
      for (const code of ['forbidden', 'not_found', 'deleted', 'disabled', 'rejected'] as const) {
        expect(action(store, code, client['secret']), `${store} ${code}`).not.toMatch(/^Nothing/);
      }
    }
  });
});
