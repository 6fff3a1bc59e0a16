import type {
  ClientAuthentication,
  ClientCredential,
} from '../../src/lib/oauth/clientAuthentication/clientCredential.ts';
import type { EntryContext } from '../../src/lib/oauth/clientAuthentication/method.ts';
import type { ClientAuthenticationMethodName } from '../../src/lib/oauth/clientAuthentication/methods.ts';
import { readClientCredential } from '../../src/lib/oauth/clientAuthentication/readClientCredential.ts';
import type { AssertionSigner, ClientCredentialStore } from '../../src/lib/oauth/ports.ts';

/** The members of a grant that say where its client's credential is, as in the config file. */
export interface CredentialEntry {
  readonly clientSecret?: { readonly vault?: string; readonly secretName: string };
  readonly clientCertificate?: { readonly vault?: string; readonly secretName: string };
  readonly clientIdentity?: { readonly audience?: string };
  readonly clientKey?: {
    readonly vault?: string;
    readonly keyName: string;
    readonly isCertificate?: boolean;
    readonly audience?: string;
    readonly algorithm?: string;
    readonly lifetimeSeconds?: number;
  };
}

/** What the config makes of a grant's members for one method. Throws what would be a fault. */
export const clientCredential = (
  method: ClientAuthenticationMethodName,
  entry: CredentialEntry = {},
  context: Partial<EntryContext> = {},
): ClientCredential => {
  const credential = readClientCredential(
    method,
    { ...entry },
    {
      clientId: 'client-1',
      objectOf: (kind, setting, vaultUrl = 'https://kv-clients.vault.azure.net', name) => ({
        ...{ kind, setting, vaultUrl, name },
      }),
      fault(member, given, allowed) {
        throw new Error(`${member}: ${given}; allowed: ${allowed}`);
      },
      ...context,
    },
  );
  if (credential === undefined) throw new Error('no credential was read');
  return credential;
};

const NO_SIGNER: AssertionSigner = { algorithm: 'RS256', sign: async () => new Uint8Array() };

/** A store that has this secret under every name, and this signer. */
export const credentialStore = (secret = 's', signer = NO_SIGNER): ClientCredentialStore => ({
  readSecret: async () => ({ ok: true, value: secret }),
  openSigner: async () => ({ ok: true, signer }),
  identityToken: async (audience) => ({ ok: true, token: `token-for-${audience}` }),
});

const opened = async (credential: ClientCredential, store: ClientCredentialStore) => {
  const client = await credential.open(store);
  if (!client.ok) throw new Error(client.message);
  return client.authenticate;
};

/** A client that is known by this secret. */
export const bySecret =
  (
    method: 'client_secret_basic' | 'client_secret_post',
    secret: string,
    context: Partial<EntryContext> = {},
  ): ClientAuthentication =>
  async (request) => {
    const credential = clientCredential(method, { clientSecret: { secretName: 'client' } }, context);
    return (await opened(credential, credentialStore(secret)))(request);
  };

/** A client whose assertions this key signs. */
export const bySigner =
  (signer: AssertionSigner, clientKey: Partial<CredentialEntry['clientKey']> = {}): ClientAuthentication =>
  async (request) => {
    const credential = clientCredential('private_key_jwt', {
      clientKey: { keyName: 'signer', ...clientKey },
    });
    return (await opened(credential, credentialStore('', signer)))(request);
  };

/** A client that only says who it is. */
export const publicClient: ClientAuthentication = async ({ clientId }) => ({
  parameters: { client_id: clientId },
});
