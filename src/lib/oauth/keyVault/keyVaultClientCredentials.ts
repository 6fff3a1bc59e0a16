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
import type { CredentialObject } from '../clientAuthentication/clientCredential.ts';
import type { AssertionSigner, ClientCredentialStore } from '../ports.ts';
import { chooseAlgorithm } from '../rules/assertionAlgorithm.ts';
import type { SecretReference } from '../rules/grant.ts';
import { keyVaultSigner } from './assertionSigner.ts';

const CALL_TIMEOUT_MS = 10_000;

export interface KeyVaultClientCredentialsOptions extends VaultAccess {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/** What to do where the client's own credential fails. */
export const clientCredentialActions = ({ kind, setting, vaultUrl, name }: CredentialObject): StoreActions =>
  vaultObjectActions({ ...CREDENTIALS[kind], kind, setting, reference: { vaultUrl, name } });

const SIGNER = {
  content: "the client's key",
  rejected: (which: string) =>
    `Make ${which} of a type that signs for the algorithm: RSA, or EC with the curve that the algorithm names.`,
};

const CREDENTIALS: Readonly<
  Record<CredentialObject['kind'], Pick<VaultObject, 'content' | 'role' | 'rejected'>>
> = {
  secret: {
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

/** Client credentials from Key Vault: a secret's value, or a signer whose key stays in the vault. */
export const keyVaultClientCredentials = (
  options: KeyVaultClientCredentialsOptions,
): ClientCredentialStore => {
  const { credential, clock } = options;
  const clientOf = secretClients(options);
  const operationsOf = keyOperationsOfVaults(options);
  const callAbout = (object: CredentialObject): StoreCall => ({
    store: 'client_credential',
    what: `read the client's ${object.kind} ${object.name} in ${vaultNameOf(object.vaultUrl)}`,
    actions: clientCredentialActions(object),
    writes: false,
    nowEpochMs: clock.nowEpochMs(),
  });

  const thumbprintOf = async ({ vaultUrl, name }: SecretReference): Promise<string | undefined> => {
    const { CertificateClient } = await import('@azure/keyvault-certificates');
    const client = new CertificateClient(vaultUrl, credential, valueClientOptions(vaultUrl, options));
    const { cer } = await client.getCertificate(name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    return cer === undefined ? undefined : thumbprintSha256Of(cer);
  };

  /** Signs once in vain: a key that may not sign is named now, while nothing is prepared and nothing is spent. */
  const refusalToSign = async (
    signer: AssertionSigner,
    key: CredentialObject,
    facts: KeyFacts,
  ): Promise<StoreFailure | undefined> => {
    const what = `sign with key ${key.name} in ${vaultNameOf(key.vaultUrl)}`;
    try {
      await signer.sign(new Uint8Array());
      return undefined;
    } catch (error) {
      return keyFailureOf(error, { ...callAbout(key), what }, facts, 'sign');
    }
  };

  return {
    async readSecret(secret) {
      const call = callAbout(secret);
      const client = await clientOf(secret.vaultUrl);
      try {
        const { value, properties } = await client.getSecret(secret.name, {
          abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS),
        });
        const createdEpochMs = properties.createdOn?.getTime();
        return value ? { ok: true, value, createdEpochMs } : storeFailure(call, 'rejected', 'it is empty');
      } catch (error) {
        return unlessSoftDeleted(storeFailureOf(error, call), call, () =>
          client.getDeletedSecret(secret.name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) }),
        );
      }
    },
    async identityToken(audience) {
      try {
        const scope = `${audience}/.default`;
        const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
        const given = await credential.getToken(scope, { abortSignal });
        if (given === null) throw new Error('the identity has no token');
        return { ok: true, token: given.token };
      } catch (error) {
        const what = `get a token of this identity for ${audience}`;
        const nowEpochMs = clock.nowEpochMs();
        return storeFailureOf(error, { store: 'client_credential', what, writes: false, nowEpochMs });
      }
    },
    async openSigner(key, { algorithm, rsaDefault }) {
      const call = callAbout(key);
      const { vaultUrl, name } = key;
      const { KeyClient } = await import('@azure/keyvault-keys');
      const keys = new KeyClient(vaultUrl, credential, valueClientOptions(vaultUrl, options));
      try {
        const found = await keys.getKey(name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
        const kind = { keyType: found.keyType, curve: found.key?.crv };
        const choice = chooseAlgorithm(kind, algorithm, rsaDefault);
        const facts = keyFactsOf(vaultUrl, found);
        if (facts === undefined) return storeFailure(call, 'rejected', 'it has no version');
        if (!choice.ok) return storeFailure(call, 'rejected', choice.problem);
        const operations = operationsOf(vaultUrl);
        const signer = keyVaultSigner((alg, digest) => operations.sign(facts, alg, digest), {
          algorithm: choice.algorithm,
          ...(key.kind === 'certificate'
            ? { certificateThumbprintSha256: await thumbprintOf(key) }
            : { keyId: facts.version }),
        });
        return (
          (await refusalToSign(signer, key, facts)) ?? {
            ok: true,
            signer,
            createdEpochMs: found.properties.createdOn?.getTime(),
          }
        );
      } catch (error) {
        return unlessSoftDeleted(storeFailureOf(error, call), call, () =>
          keys.getDeletedKey(name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) }),
        );
      }
    },
  };
};
