import { isRestError } from '@azure/core-rest-pipeline';
import type { StoreFailure, StoreFailureCode } from '../ports/storeFailure.ts';
import { readAzureError } from './azureErrors.ts';

/** What a call to a store was about, for the words of its failure. */
export interface StoreCall {
  readonly store: StoreFailure['store'];
  /** The verb and its object, as in `write secret oauth-crm in front-desk`. Holds no value. */
  readonly what: string;
  /** True for a call that changes something. */
  readonly writes: boolean;
  readonly nowEpochMs: number;
}

/** Never reached the store: nothing can have landed. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

const PERMANENT: ReadonlySet<StoreFailureCode> = new Set([
  'forbidden',
  'not_found',
  'deleted',
  'disabled',
  'rejected',
  'key_gone',
  'key_expired',
  'key_not_yet_valid',
  'key_operation_forbidden',
  'tampered',
]);

/** The codes of Key Vault's and Storage's answers that say more than their status. */
const CODE_OF: ReadonlyMap<string, StoreFailureCode> = new Map<string, StoreFailureCode>([
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
  ['ConditionNotMet', 'conflict'],
  ['BlobAlreadyExists', 'conflict'],
]);

const reasonCodes = (error: unknown, innerCode: string | undefined): string[] => {
  const { code, details } = error as { code?: string; details?: { errorCode?: string; code?: string } };
  return [innerCode, details?.errorCode, details?.code, code].filter((text) => text !== undefined);
};

const codeOfStatus = (status: number | undefined): StoreFailureCode => {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 412) return 'conflict';
  if (status === 429) return 'throttled';
  // 409: Key Vault's word for two writes to one secret at a time.
  if (status === undefined || status === 408 || status === 409 || status >= 500) return 'unavailable';
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
  { store, what }: Pick<StoreCall, 'store' | 'what'>,
  code: StoreFailureCode,
  happened: string,
): StoreFailure => ({
  ok: false,
  store,
  code,
  permanence: PERMANENT.has(code) ? 'permanent' : 'transient',
  detail: `Could not ${what}: ${happened}.`,
  mayHaveLanded: false,
});

/** Translates whatever an SDK call threw. Nothing of a request or an answer goes on but codes. */
export const storeFailureOf = (error: unknown, call: StoreCall): StoreFailure => {
  const { httpStatus, retryAfterMs, innerCode, reason } = readAzureError(error, call.nowEpochMs);
  const reasons = reasonCodes(error, innerCode);
  const named = reasons.map((text) => CODE_OF.get(text)).find((code) => code !== undefined);
  const code = named ?? (reason === 'unauthorized' ? 'forbidden' : codeOfStatus(httpStatus));
  const answered = httpStatus !== undefined && httpStatus < 500;
  const neverSent = reason === 'unauthorized' || (isRestError(error) && NEVER_SENT.has(error.code ?? ''));
  const said =
    httpStatus === undefined ? reasons.join(' ') || reason : `HTTP ${httpStatus} ${reasons.join(' ')}`;
  return {
    ...storeFailure(call, code, said.trim()),
    mayHaveLanded: call.writes && !answered && !neverSent,
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
    cause: bareCause(error, reasons),
  };
};
