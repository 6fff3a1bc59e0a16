import type { Grant } from '../../domain/grant.ts';
import type { StoreFailure, StoreFailureCode } from '../../ports/storeFailure.ts';
import type { RefreshProblem } from './refreshOutcome.ts';

const ACTIONS: Readonly<Record<StoreFailureCode, string>> = {
  unavailable: 'Nothing now: it is tried again.',
  throttled: 'Nothing now: it is tried again; if it lasts, look who else uses this store so much.',
  forbidden: "Give Keywatch's identity its role on this object again, or open the firewall to it.",
  not_found: 'Write the refresh token into this secret, or correct its name in keywatch.config.json.',
  deleted: 'Recover the soft-deleted secret.',
  disabled: 'Switch the latest version of the secret on again, or write a new token.',
  rejected: 'Make the secret fit: at most 15 tags, 25 KB, and a valid name.',
  held: 'Nothing: another worker is at it.',
  lost: 'Nothing now: it is tried again.',
  conflict: 'Nothing now: it is tried again.',
  key_gone: 'Recover the sealing key in Key Vault, with the version that was used; do not replace it.',
  key_expired: 'Make a new version of the key, or move its end.',
  key_not_yet_valid: 'Wait until the key begins, or let it begin earlier.',
  key_operation_forbidden: 'Permit the operation on this key.',
  tampered: 'Look at the control blob, its copies and the third sink: a sealed token there does not open.',
};

/** A store's failure in the words of an outcome. */
export const storeProblem = (grant: Pick<Grant, 'id'>, failure: StoreFailure): RefreshProblem => ({
  code: `${failure.store}_${failure.code}`,
  permanence: failure.permanence,
  detail: `Grant ${grant.id}: ${failure.detail}`,
  action: failure.action ?? ACTIONS[failure.code],
  retryAfterSeconds: failure.retryAfterSeconds,
  cause: failure.cause,
});
