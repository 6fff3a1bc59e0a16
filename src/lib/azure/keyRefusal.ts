import type { KeyVaultKey } from '@azure/keyvault-keys';
import { isoSeconds } from '../kernel/instant.ts';
import { type StoreFailure, storeFailure } from '../kernel/storeFailure.ts';
import { vaultNameOf } from '../kernel/vaultUrl.ts';
import { readAzureError } from './azureErrors.ts';
import type { KeyOperation } from './keyOperations.ts';
import { asRestError } from './restError.ts';
import { type StoreCall, storeFailureOf } from './storeFailures.ts';

/** What is known of one version of a key, for the words of a refusal. */
export interface KeyFacts {
  readonly vaultUrl: string;
  readonly name: string;
  readonly version: string;
  readonly enabled?: boolean | undefined;
  readonly notBefore?: Date | undefined;
  readonly expiresOn?: Date | undefined;
  /** Absent: not known. */
  readonly keyOps?: readonly string[] | undefined;
}

/** `undefined` where the answer names no version: then nothing can be changed by it either. */
export const keyFactsOf = (
  vaultUrl: string,
  { name, keyOperations: keyOps, properties }: Pick<KeyVaultKey, 'name' | 'keyOperations' | 'properties'>,
): KeyFacts | undefined => {
  const { version, enabled, notBefore, expiresOn } = properties;
  return version === undefined
    ? undefined
    : { vaultUrl, name, version, enabled, notBefore, expiresOn, keyOps };
};

/** Codes of a refusal that is about the caller: what the key is does not matter then. */
const ABOUT_CALLER = /^(?:ForbiddenBy\w+|AccessDenied)$/;
const MOST_READ_CHARACTERS = 4096;

interface Words {
  readonly reason: 'key_expired' | 'key_not_yet_valid' | 'key_operation_forbidden' | 'disabled';
  readonly happened: string;
  readonly action: string;
}

/**
 * Why Key Vault refuses to operate with a key, when the key itself is the reason. Key Vault documents no code
 * for a key outside its dates, only HTTP 403 "Forbidden": so the key's own attributes say which it is, and the
 * words of the answer where those are not known.
 * @see https://learn.microsoft.com/azure/key-vault/keys/about-keys-details#date-time-controlled-operations
 */
const wordsFor = (
  error: unknown,
  key: KeyFacts,
  operation: KeyOperation,
  nowEpochMs: number,
): Words | undefined => {
  const { httpStatus, innerCode = '' } = readAzureError(error, nowEpochMs);
  if (httpStatus !== 403 || ABOUT_CALLER.test(innerCode)) return undefined;
  const said = `${innerCode} ${asRestError(error)?.response?.bodyAsText?.slice(0, MOST_READ_CHARACTERS) ?? ''}`;
  const { name, version, enabled, keyOps, expiresOn, notBefore } = key;
  const vault = vaultNameOf(key.vaultUrl);
  const which = `version ${version} of key ${name}`;
  const change = (option: string) =>
    `az keyvault key set-attributes --vault-name ${vault} --name ${name} --version ${version} ${option}`;
  const isSigning = operation === 'sign';

  if (enabled === false || innerCode === 'KeyDisabled')
    return {
      reason: 'disabled',
      happened: `${which} is disabled`,
      action: `Switch it on again: ${change('--enabled true')}`,
    };
  if ((keyOps !== undefined && !keyOps.includes(operation)) || innerCode === 'KeyOperationForbidden')
    return {
      reason: 'key_operation_forbidden',
      happened: `${which} may not ${operation}`,
      action: `Allow it: ${change(`--ops ${[...(keyOps ?? []), operation].join(' ')}`)}`,
    };
  if (notBefore !== undefined ? notBefore.getTime() > nowEpochMs : /not.?yet.?valid/i.test(said))
    return {
      reason: 'key_not_yet_valid',
      happened: `${which} is not valid before ${notBefore === undefined ? 'a later day' : isoSeconds(notBefore.getTime())}`,
      action: `Wait, or let it begin earlier: ${change('--not-before DATE')}`,
    };
  if (expiresOn !== undefined ? expiresOn.getTime() <= nowEpochMs : /expired/i.test(said))
    return {
      reason: 'key_expired',
      happened: `${which} ended${expiresOn === undefined ? '' : ` on ${isoSeconds(expiresOn.getTime())}`}`,
      action: isSigning
        ? `Make a new version and give its public part to the provider, or move the end: ${change('--expires DATE')}`
        : `Move the end of this very version, for a new one does not open what it sealed: ${change('--expires DATE')}`,
    };
  return undefined;
};

/** Translates what an operation with a key threw; names the key's own state where that is the reason. */
export const keyFailureOf = (
  error: unknown,
  call: StoreCall,
  key: KeyFacts,
  operation: KeyOperation,
): StoreFailure => {
  const words = wordsFor(error, key, operation, call.nowEpochMs);
  const failure = storeFailureOf(error, call);
  if (words === undefined) return failure;
  const { reason, happened, action } = words;
  const { cause, mayHaveLanded } = failure;
  const message = `Could not ${call.what}: ${happened}.`;
  return storeFailure(call.store, reason, { message, action, cause, mayHaveLanded });
};
