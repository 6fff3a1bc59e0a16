import { createHash } from 'node:crypto';
import { keyOperationsOfVaults } from '../../azure/keyOperations.ts';
import { type KeyFacts, keyFactsOf, keyFailureOf } from '../../azure/keyRefusal.ts';
import { secretClients, type VaultAccess, valueClientOptions } from '../../azure/secretClients.ts';
import { unlessSoftDeleted } from '../../azure/softDeleted.ts';
import { type StoreActions, type VaultObject, vaultObjectActions } from '../../azure/storeActions.ts';
import { type StoreCall, storeFailure, storeFailureOf } from '../../azure/storeFailures.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { AssertionSigner, ResolvedClientAuthentication } from '../ports/authorizationServer.ts';
import type { ClientAuthenticationSource } from '../ports/clientAuthenticationSource.ts';
import { chooseAlgorithm } from '../rules/assertionAlgorithm.ts';
import type { ClientCredentialReference, SecretReference } from '../rules/grant.ts';
import { keyVaultSigner } from './assertionSigner.ts';

const CALL_TIMEOUT_MS = 10_000;

export interface KeyVaultClientAuthenticationOptions extends VaultAccess {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

type JwtReference = Extract<ClientCredentialReference, { method: 'private_key_jwt' }>;

/** What to do where the client's own credential fails. */
export const clientCredentialActions = (
  kind: VaultObject['kind'],
  reference: SecretReference,
): StoreActions => vaultObjectActions({ ...CREDENTIALS[kind], kind, reference });

const SIGNER = {
  setting: 'clientKey',
  content: "the client's key",
  rejected: (which: string) =>
    `Make ${which} of a type that signs for the algorithm: RSA, or EC with the curve that the algorithm names.`,
};

const CREDENTIALS: Readonly<Record<VaultObject['kind'], Omit<VaultObject, 'kind' | 'reference'>>> = {
  secret: {
    setting: 'clientSecret',
    content: "the client's secret (not the refresh token)",
    role: 'Key Vault Secrets User',
    rejected: (which) =>
      `Write the client's secret (not the refresh token) into ${which} as the provider gave it.`,
  },
  key: { ...SIGNER, role: 'Key Vault Crypto User' },
  certificate: { ...SIGNER, role: 'Key Vault Crypto User and Key Vault Certificate User' },
};

/** `x5t#S256` of a certificate in DER. @see RFC 7515 §4.1.8 */
const thumbprintSha256Of = (der: Uint8Array): string => createHash('sha256').update(der).digest('base64url');

/**
 * Client credentials from Key Vault: a secret's value, or a signer whose key stays in the vault. Reads
 * anew on every call: a secret that was rotated an hour ago must not be sent.
 */
export const keyVaultClientAuthentication = (
  options: KeyVaultClientAuthenticationOptions,
): ClientAuthenticationSource => {
  const { credential, clock } = options;
  const clientOf = secretClients(options);
  const operationsOf = keyOperationsOfVaults(options);
  const callAbout = (kind: VaultObject['kind'], { vaultUrl, name }: SecretReference): StoreCall => ({
    store: 'client_credential',
    what: `read the client's ${kind} ${name} in ${vaultNameOf(vaultUrl)}`,
    actions: clientCredentialActions(kind, { vaultUrl, name }),
    writes: false,
    nowEpochMs: clock.nowEpochMs(),
  });

  const secretOf = async (reference: SecretReference): Promise<string | StoreFailure> => {
    const call = callAbout('secret', reference);
    const client = await clientOf(reference.vaultUrl);
    try {
      const { value } = await client.getSecret(reference.name, {
        abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      return value || storeFailure(call, 'rejected', 'it is empty');
    } catch (error) {
      return unlessSoftDeleted(storeFailureOf(error, call), call, () =>
        client.getDeletedSecret(reference.name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) }),
      );
    }
  };

  const thumbprintOf = async ({ vaultUrl, name }: SecretReference): Promise<string | undefined> => {
    const { CertificateClient } = await import('@azure/keyvault-certificates');
    const client = new CertificateClient(vaultUrl, credential, valueClientOptions(vaultUrl, options));
    const { cer } = await client.getCertificate(name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    return cer === undefined ? undefined : thumbprintSha256Of(cer);
  };

  /** Signs once in vain: a key that may not sign is named now, while nothing is prepared and nothing is spent. */
  const refusalToSign = async (signer: AssertionSigner, key: KeyFacts): Promise<StoreFailure | undefined> => {
    const call = {
      ...callAbout('key', key),
      what: `sign with key ${key.name} in ${vaultNameOf(key.vaultUrl)}`,
    };
    try {
      await signer.sign(new Uint8Array());
      return undefined;
    } catch (error) {
      return keyFailureOf(error, call, key, 'sign');
    }
  };

  const signerOf = async ({
    key: reference,
    isCertificate,
    algorithm,
    rsaDefault,
  }: JwtReference): Promise<AssertionSigner | StoreFailure> => {
    const call = callAbout(isCertificate ? 'certificate' : 'key', reference);
    const { vaultUrl, name } = reference;
    const { KeyClient } = await import('@azure/keyvault-keys');
    const keys = new KeyClient(vaultUrl, credential, valueClientOptions(vaultUrl, options));
    try {
      const key = await keys.getKey(name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
      const kind = { keyType: key.keyType, curve: key.key?.crv };
      const choice = chooseAlgorithm(kind, algorithm, rsaDefault);
      const facts = keyFactsOf(vaultUrl, key);
      if (facts === undefined) return storeFailure(call, 'rejected', 'it has no version');
      if (!choice.ok) return storeFailure(call, 'rejected', choice.problem);
      const operations = operationsOf(vaultUrl);
      const signer = keyVaultSigner((alg, digest) => operations.sign(facts, alg, digest), {
        algorithm: choice.algorithm,
        ...(isCertificate
          ? { certificateThumbprintSha256: await thumbprintOf(reference) }
          : { keyId: facts.version }),
      });
      return (await refusalToSign(signer, facts)) ?? signer;
    } catch (error) {
      return unlessSoftDeleted(storeFailureOf(error, call), call, () =>
        keys.getDeletedKey(name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) }),
      );
    }
  };

  return {
    async resolve({ clientCredential }) {
      const resolved = (clientAuthentication: ResolvedClientAuthentication) => ({
        ok: true as const,
        clientAuthentication,
      });
      if (clientCredential.method === 'none') return resolved({ method: 'none' });
      if (clientCredential.method === 'private_key_jwt') {
        const signer = await signerOf(clientCredential);
        if ('ok' in signer) return signer;
        const { audience, lifetimeSeconds } = clientCredential;
        return resolved({ method: 'private_key_jwt', signer, audience, lifetimeSeconds });
      }
      const clientSecret = await secretOf(clientCredential.secret);
      if (typeof clientSecret !== 'string') return clientSecret;
      return resolved({ method: clientCredential.method, clientSecret });
    },
  };
};
