import { PROOF_OUTCOMES, type ProofOutcome } from '../../credentials/proofOutcomes.ts';
import type { Failure } from '../../kernel/failure.ts';

/**
 * How long a change may take until every server of Entra ID knows it: seconds as a rule, minutes where many were
 * seen. No limit is promised, and a server that knew it once may be asked in vain a moment later.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export const SETTLING_MS = 10 * 60_000;

/** Refusals that a change which is not known everywhere yet causes as well. A disabled client or a policy is none. */
const SETTLES: ReadonlySet<ProofOutcome> = new Set([
  'credential_wrong',
  'credential_expired',
  'assertion_refused',
  'federation_refused',
  'app_gone',
  'not_permitted',
  'call_refused',
  'call_forbidden',
]);

/**
 * The failure as `settling` while the change that may explain it is fresh, else as it is.
 * @param changedEpochMs when the credential began, or its trust or consent changed; absent: nobody knows
 */
export const whileSettling = <F extends Failure<ProofOutcome>>(
  failure: F,
  changedEpochMs: number | undefined,
  nowEpochMs: number,
): F => {
  // A beginning that lies ahead by more than clocks differ is no reason to wait for it.
  const isFresh = changedEpochMs !== undefined && Math.abs(nowEpochMs - changedEpochMs) < SETTLING_MS;
  if (!isFresh || !SETTLES.has(failure.code)) return failure;
  return { ...failure, code: 'settling', retryable: true, action: PROOF_OUTCOMES.settling.action };
};
