import type { KeyVaultKey } from '@azure/keyvault-keys';
import { keyOperationsOfVaults } from '../../azure/keyOperations.ts';
import { type KeyFacts, keyFactsOf, keyFailureOf } from '../../azure/keyRefusal.ts';
import { type VaultAccess, valueClientOptions } from '../../azure/secretClients.ts';
import type { StoreActions } from '../../azure/storeActions.ts';
import { type StoreCall, storeFailure, storeFailureOf } from '../../azure/storeFailures.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { StoreAnswer, StoreFailure, StoreFailureReason } from '../../kernel/storeFailure.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { Seal, TokenSeal } from '../ports.ts';
import {
  openEnvelope,
  parseEnvelope,
  type SealingKeyVersion,
  sealEnvelope,
  sealingKeyOf,
} from './sealedEnvelope.ts';

const CALL_TIMEOUT_MS = 10_000;
const CACHE_MS = 60 * 60_000;

export interface KeyVaultTokenSealOptions extends VaultAccess {
  readonly vaultUrl: string;
  /** An RSA key with the operations wrapKey and unwrapKey. */
  readonly keyName: string;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'monotonicMs'>;
}

/** What seals with a key, once it has sealed something: a key that cannot must be known before a token is spent. */
const sealWith = ({ key, name, properties }: KeyVaultKey): Seal | undefined => {
  const { version } = properties;
  if (!key?.n || !key.e || !key.kty?.startsWith('RSA') || version === undefined) return undefined;
  const sealing = { name, version, publicKey: sealingKeyOf(key.n, key.e) };
  const seal: Seal = (plaintext, context) => sealEnvelope(plaintext, context, sealing);
  seal('', { subject: '', seq: 0 });
  return seal;
};

/** Of a key, "not there" and "switched off" mean one thing: what it sealed stays shut. */
const GONE: ReadonlySet<StoreFailureReason> = new Set([
  'not_found',
  'disabled',
  'deleted',
  'key_expired',
  'key_not_yet_valid',
  'key_operation_forbidden',
]);
/**
 * A missing role or a firewall is no loss: whoever takes it for one gives up a token that works. Of any other key than
 * the configured one it is, as Key Vault says the same of a key that is not there to whoever has no right on it.
 */
const asGone = (failure: StoreFailure, isConfiguredKey = true): StoreFailure =>
  GONE.has(failure.reason) || (failure.reason === 'forbidden' && !isConfiguredKey)
    ? { ...failure, code: 'seal_key_gone', reason: 'key_gone', retryable: false }
    : failure;

const RECOVER = 'Recover the sealing key in Key Vault, with the version that was used; do not replace it.';

const actions: StoreActions = (reason) => {
  switch (reason) {
    case 'unavailable':
      return 'Nothing now: it is tried again; if it lasts, check the vault of KEYWATCH_SEALING_KEY_ID and the network to it.';
    case 'forbidden':
      return 'Give the identity that refreshes Key Vault Crypto Service Encryption User on the sealing key, or open the firewall of its vault to it.';
    case 'rejected':
      return 'Name an RSA key with the operations wrapKey and unwrapKey in KEYWATCH_SEALING_KEY_ID.';
    default:
      return GONE.has(reason) ? RECOVER : undefined;
  }
};

/**
 * Seals for a Key Vault key: the public part is fetched and cached, so sealing works while the vault is
 * down; opening asks the vault for the very version that sealed, so a rotated key opens what its
 * former version closed.
 */
export const keyVaultTokenSeal = (options: KeyVaultTokenSealOptions): TokenSeal => {
  const { vaultUrl, keyName, clock, credential } = options;
  const where = `key ${keyName} in ${vaultNameOf(vaultUrl)}`;
  /** Key Vault takes a name in any case, and says it as the key was made with. */
  const isConfigured = ({ name }: SealingKeyVersion) => name.toLowerCase() === keyName.toLowerCase();
  let cached: { readonly seal: Seal; readonly fetchedAtMs: number } | undefined;

  const callOf = (what: string): StoreCall => ({
    store: 'seal',
    what,
    actions,
    writes: false,
    nowEpochMs: clock.nowEpochMs(),
  });
  const operationsOf = keyOperationsOfVaults(options);

  const getKey = async (name: string, version?: string): Promise<KeyVaultKey> => {
    const { KeyClient } = await import('@azure/keyvault-keys');
    const client = new KeyClient(vaultUrl, credential, valueClientOptions(vaultUrl, options));
    const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    return client.getKey(name, { abortSignal, ...(version === undefined ? {} : { version }) });
  };

  /** What is known of the version that sealed: only its words depend on it. */
  const factsOf = async ({ name, version }: SealingKeyVersion): Promise<KeyFacts> => {
    const known = { vaultUrl, name, version };
    try {
      return keyFactsOf(vaultUrl, await getKey(name, version)) ?? known;
    } catch {
      return known;
    }
  };

  const fetchSeal = async (): Promise<StoreAnswer<{ readonly seal: Seal }>> => {
    const what = `fetch ${where}`;
    try {
      const found = await getKey(keyName);
      if (found.properties.enabled === false)
        return storeFailure({ store: 'seal', what, actions }, 'key_gone', 'it is disabled');
      const seal = sealWith(found);
      if (seal === undefined)
        return storeFailure({ store: 'seal', what, actions }, 'rejected', 'it is not an RSA key');
      if (found.keyOperations !== undefined && !found.keyOperations.includes('unwrapKey'))
        return {
          ...storeFailure({ store: 'seal', what, actions }, 'key_gone', 'it may not unwrapKey'),
          action: `Permit unwrapKey on key ${keyName}: what is sealed with it could not be opened.`,
        };
      return { ok: true, seal };
    } catch (error) {
      return asGone(storeFailureOf(error, callOf(what)));
    }
  };

  return {
    async prepare() {
      if (cached !== undefined && clock.monotonicMs() - cached.fetchedAtMs < CACHE_MS)
        return { ok: true, seal: cached.seal };
      const fetched = await fetchSeal();
      if (fetched.ok) cached = { seal: fetched.seal, fetchedAtMs: clock.monotonicMs() };
      return fetched;
    },
    async unseal(envelope, subject) {
      const what = `open what is sealed for ${subject}`;
      const tampered = () =>
        storeFailure(
          { store: 'seal', what, actions },
          'tampered',
          'it is damaged, or was made for something else',
        );
      const parts = parseEnvelope(envelope);
      if (parts?.subject !== subject) return tampered();
      let contentKey: Uint8Array;
      try {
        // Only name and version come from the envelope: the vault is the config's.
        contentKey = await operationsOf(vaultUrl).unwrapKey(parts.key, parts.wrappedKey);
      } catch (error) {
        const call = callOf(what);
        const failure = storeFailureOf(error, call);
        if (failure.reason === 'rejected') return tampered();
        if (failure.reason !== 'forbidden' && failure.reason !== 'disabled') return asGone(failure);
        const refused = keyFailureOf(error, call, await factsOf(parts.key), 'unwrapKey');
        return asGone(refused, isConfigured(parts.key));
      }
      const plaintext = openEnvelope(parts, contentKey);
      return plaintext === undefined ? tampered() : { ok: true, seq: parts.seq, plaintext };
    },
  };
};
