import { isRestError } from '@azure/core-rest-pipeline';
import type { SecretClient, SecretProperties } from '@azure/keyvault-secrets';
import { REQUEST_TIMEOUT_MS, secretClients, type VaultAccess } from '../../azure/secretClients.ts';
import { unlessSoftDeleted } from '../../azure/softDeleted.ts';
import { type StoreActions, vaultObjectActions } from '../../azure/storeActions.ts';
import { storeFailure, storeFailureOf } from '../../azure/storeFailures.ts';
import type { Clock } from '../../kernel/clock.ts';
import { epochMsOf } from '../../kernel/epochMsOf.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { SecretReference } from '../../oauth/rules/grant.ts';
import type { TokenStore, TokenVersionProperties } from '../ports.ts';

const CALL_TIMEOUT_MS = 10_000;
/** A listing of all versions takes no longer than so many requests may: half a minute. */
const REQUESTS_OF_LISTING = 3;

/** What the secrets hold and whose they are, for words. */
export interface HeldSecrets {
  readonly content: string;
  /** As in `the identity that refreshes`. */
  readonly identity: string;
}

export interface KeyVaultTokenStoreOptions extends VaultAccess {
  /** Absent: the refresh tokens of grants. */
  readonly holds?: HeldSecrets | undefined;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

const versionOf = (properties: SecretProperties): TokenVersionProperties => ({
  version: properties.version ?? '',
  enabled: properties.enabled ?? true,
  tags: properties.tags ?? {},
  contentType: properties.contentType,
  expiresOnEpochMs: epochMsOf(properties.expiresOn),
  createdEpochMs: epochMsOf(properties.createdOn),
});

const REFRESH_TOKENS: HeldSecrets = { content: 'the refresh token', identity: 'refreshes' };

/** What to do where such a secret fails. */
export const tokenSecretActions = (
  reference: SecretReference,
  { content, identity }: HeldSecrets = REFRESH_TOKENS,
): StoreActions =>
  vaultObjectActions({
    reference,
    kind: 'secret',
    setting: 'secretName',
    content,
    identity,
    role: 'Key Vault Secrets Officer',
    forbiddenToo:
      'Where both are so, see whether an Azure Policy refuses what is written (its end, its content type).',
    rejected: (which) => `Make ${which} fit Key Vault's limits: at most 15 tags, 25 KB, and a valid name.`,
  });

/** The SDK cuts dates to 32 bits: what is later comes out in the past, where Key Vault refuses it or calls it expired. */
const LAST_DATE_EPOCH_MS = (2 ** 31 - 1) * 1000;

const dateOf = (epochMs: number | undefined) =>
  epochMs === undefined ? {} : { expiresOn: new Date(Math.min(epochMs, LAST_DATE_EPOCH_MS)) };

/** Key Vault's secrets through the unmodified SDK, one request a call. */
export const keyVaultTokenStore = (options: KeyVaultTokenStoreOptions): TokenStore => {
  const clientOf = secretClients(options);
  const warmed = new Map<string, Promise<void>>();

  /**
   * A client's first request is answered with a challenge. Of two first requests at once the second
   * goes out with its body and without a token, so a read goes before the first write.
   */
  const warmUp = async (client: SecretClient, { vaultUrl, name }: SecretReference): Promise<void> => {
    const read = async (): Promise<void> => {
      const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
      await client.getSecret(name, { abortSignal }).catch((error: unknown) => {
        // Any answer at all has passed the challenge, "there is no such secret" too.
        if (!isRestError(error) || error.statusCode === undefined || error.statusCode === 401) throw error;
      });
    };
    const warming = warmed.get(vaultUrl) ?? read();
    warmed.set(vaultUrl, warming);
    await warming.catch((error: unknown) => {
      if (warmed.get(vaultUrl) === warming) warmed.delete(vaultUrl);
      throw error;
    });
  };

  const call = async <T>(
    { secret, verb, writes }: { secret: SecretReference; verb: string; writes: boolean },
    run: (client: SecretClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T | StoreFailure> => {
    const what = `${verb} ${secret.name} in ${vaultNameOf(secret.vaultUrl)}`;
    const about = { store: 'vault', what, actions: tokenSecretActions(secret, options.holds) } as const;
    const failure = (error: unknown, mayWrite: boolean) =>
      storeFailureOf(error, { ...about, writes: mayWrite, nowEpochMs: options.clock.nowEpochMs() });
    const client = await clientOf(secret.vaultUrl);
    try {
      if (writes) await warmUp(client, secret);
    } catch (error) {
      return failure(error, false);
    }
    try {
      return await run(client, AbortSignal.timeout(CALL_TIMEOUT_MS));
    } catch (error) {
      return unlessSoftDeleted(failure(error, writes), about, () =>
        client.getDeletedSecret(secret.name, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) }),
      );
    }
  };

  const read = (secret: SecretReference, version?: string) =>
    call({ secret, verb: 'read secret', writes: false }, async (client, abortSignal) => {
      const { value, properties } = await client.getSecret(secret.name, {
        abortSignal,
        ...(version === undefined ? {} : { version }),
      });
      const token = { ...versionOf(properties), value: value ?? '' };
      return { ok: true as const, token };
    });

  return {
    async readLatest(secret) {
      const result = await read(secret);
      if (!result.ok) return result;
      // Key Vault itself refuses a disabled version; said here too in case one comes back as a value.
      if (!result.token.enabled)
        return storeFailure(
          {
            store: 'vault',
            what: `read secret ${secret.name}`,
            actions: tokenSecretActions(secret, options.holds),
          },
          'disabled',
          'it is disabled',
        );
      return { ok: true, latest: result.token };
    },
    readVersion: read,
    write: (secret, version) =>
      call({ secret, verb: 'write secret', writes: true }, async (client, abortSignal) => {
        const { properties } = await client.setSecret(secret.name, version.value, {
          abortSignal,
          enabled: true,
          tags: { ...version.tags },
          ...dateOf(version.expiresOnEpochMs),
          ...(version.contentType === undefined ? {} : { contentType: version.contentType }),
        });
        return { ok: true as const, version: properties.version ?? '' };
      }),
    listVersions: (secret) =>
      call({ secret, verb: 'list the versions of secret', writes: false }, async (client, abortSignal) => {
        const versions: TokenVersionProperties[] = [];
        const tooLong = AbortSignal.timeout(REQUESTS_OF_LISTING * REQUEST_TIMEOUT_MS);
        for await (const page of client
          .listPropertiesOfSecretVersions(secret.name, { abortSignal })
          .byPage()) {
          tooLong.throwIfAborted();
          versions.push(...page.map(versionOf));
        }
        return { ok: true as const, versions };
      }),
    updateProperties: (secret, version, { tags, expiresOnEpochMs }) =>
      call({ secret, verb: 'update secret', writes: true }, async (client, abortSignal) => {
        const properties = { tags: { ...tags }, ...dateOf(expiresOnEpochMs), abortSignal };
        await client.updateSecretProperties(secret.name, version, properties);
        return { ok: true as const };
      }),
    disableVersion: (secret, version) =>
      call({ secret, verb: 'disable a version of secret', writes: true }, async (client, abortSignal) => {
        await client.updateSecretProperties(secret.name, version, { enabled: false, abortSignal });
        return { ok: true as const };
      }),
  };
};
