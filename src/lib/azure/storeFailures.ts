import { isRestError } from '@azure/core-rest-pipeline';
import {
  storeFailure as failureOf,
  type StoreFailure,
  type StoreFailureReason,
  type StoreName,
} from '../kernel/storeFailure.ts';
import { type AzureError, readAzureError } from './azureErrors.ts';
import type { StoreActions } from './storeActions.ts';

/** What a call to a store was about, for the words of its failure. */
export interface StoreCall {
  readonly store: StoreName;
  /** The verb and its object, as in `write secret oauth-crm in front-desk`. Holds no value. */
  readonly what: string;
  /** True for a call that changes something. */
  readonly writes: boolean;
  readonly nowEpochMs: number;
  /** What to do, where more is known than the reason of the failure. */
  readonly actions?: StoreActions | undefined;
}

/** Never reached the store: nothing can have landed. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** The codes of Key Vault's and Storage's answers that say more than their status. */
const REASON_OF: ReadonlyMap<string, StoreFailureReason> = new Map<string, StoreFailureReason>([
  ['SecretDisabled', 'disabled'],
  ['KeyDisabled', 'disabled'],
  ['ObjectIsDeletedButRecoverable', 'deleted'],
  ['ObjectIsBeingDeleted', 'deleted'],
  ['LeaseAlreadyPresent', 'held'],
  ['LeaseIdMissing', 'lost'],
  ['LeaseLost', 'lost'],
  ['LeaseIdMismatchWithBlobOperation', 'lost'],
  ['LeaseIdMismatchWithLeaseOperation', 'lost'],
  ['LeaseNotPresentWithBlobOperation', 'lost'],
  ['LeaseNotPresentWithLeaseOperation', 'lost'],
  ['LeaseIsBrokenAndCannotBeRenewed', 'lost'],
  ['LeaseIsBreakingAndCannotBeAcquired', 'held'],
  ['BlobArchived', 'locked'],
  ['BlobBeingRehydrated', 'locked'],
  ['BlobImmutableDueToLegalHold', 'locked'],
  ['BlobImmutableDueToPolicy', 'locked'],
  ['ConditionNotMet', 'conflict'],
  ['BlobAlreadyExists', 'conflict'],
]);

const reasonCodes = (error: unknown, innerCode: string | undefined): string[] => {
  const { code, details } = error as { code?: string; details?: { errorCode?: string; code?: string } };
  return [innerCode, details?.errorCode, details?.code, code].filter((text) => text !== undefined);
};

const reasonOfStatus = (status: number | undefined): StoreFailureReason => {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 412) return 'conflict';
  if (status === 429) return 'throttled';
  // Below 400 it is no refusal: what it says was cut off, or is not the store's own.
  if (status === undefined || status < 400 || status >= 500) return 'unavailable';
  // 409: Key Vault's word for two writes to one secret at a time.
  if (status === 408 || status === 409) return 'unavailable';
  return 'rejected';
};

/** What is left of an SDK's error: its request holds the token, and inspecting it shows the request. */
const bareCause = (error: unknown, reasons: readonly string[]): Error => {
  const { name = 'Error', statusCode } = error as { name?: string; statusCode?: number };
  const parts = [name, statusCode === undefined ? undefined : `HTTP ${statusCode}`, ...reasons];
  return new Error(parts.filter((part) => part !== undefined).join(' '));
};

/** A failure of our own making, in the words of a store. */
export const storeFailure = (
  { store, what, actions }: Pick<StoreCall, 'store' | 'what' | 'actions'>,
  reason: StoreFailureReason,
  happened: string,
): StoreFailure => {
  const action = actions?.(reason);
  const message = `Could not ${what}: ${happened}.`;
  return failureOf(store, reason, action === undefined ? { message } : { message, action });
};

const BY_NETWORK: ReadonlySet<string> = new Set(['ForbiddenByFirewall', 'ForbiddenByConnection']);

/** What to do where the refusal is neither about the object nor about a role on it. */
const actionOf = (
  reason: AzureError['reason'],
  innerCode: string | undefined,
): Partial<Pick<StoreFailure, 'action'>> => {
  if (reason === 'unauthorized') {
    return {
      action:
        'Sign in (az login), or check the identity that Keywatch runs as, and that the store is in its tenant.',
    };
  }
  if (reason === 'tls')
    return {
      action:
        'Look for a proxy that opens TLS between Keywatch and the store: its certificate is not trusted.',
    };
  if (innerCode !== undefined && BY_NETWORK.has(innerCode))
    return {
      action: "Allow Keywatch's network in the firewall of the store, or give it a private endpoint.",
    };
  if (innerCode === 'SecretManagedByKeyVault')
    return {
      action:
        'Name another secret in secretName: this one belongs to the certificate of the same name, and only Key Vault may write it.',
    };
  return {};
};

/** Translates whatever an SDK call threw. Nothing of a request or an answer goes on but codes. */
export const storeFailureOf = (error: unknown, call: StoreCall): StoreFailure => {
  const { httpStatus, retryAfterMs, innerCode, reason: azureReason } = readAzureError(error, call.nowEpochMs);
  const codes = reasonCodes(error, innerCode);
  const named = codes.map((text) => REASON_OF.get(text)).find((known) => known !== undefined);
  const reason = named ?? (azureReason === 'unauthorized' ? 'forbidden' : reasonOfStatus(httpStatus));
  const refused = httpStatus !== undefined && httpStatus >= 400 && httpStatus < 500;
  const neverSent =
    azureReason === 'unauthorized' || (isRestError(error) && NEVER_SENT.has(error.code ?? ''));
  const said =
    httpStatus === undefined ? codes.join(' ') || azureReason : `HTTP ${httpStatus} ${codes.join(' ')}`;
  return {
    ...storeFailure(call, reason, said.trim()),
    mayHaveLanded: call.writes && !refused && !neverSent,
    ...actionOf(azureReason, innerCode),
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
    cause: bareCause(error, codes),
  };
};
