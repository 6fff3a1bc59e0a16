import { errors, jwtVerify } from 'jose';
import type { CallerRefusal } from '../../credentials/callerRefusals.ts';
import type { TokenSignature } from '../ports.ts';

/** Clocks of machines that keep time differ by less. */
const TOLERANCE_SECONDS = 60;

const BY_CLAIM: Readonly<Record<string, CallerRefusal>> = {
  iss: 'issuer_wrong',
  aud: 'audience_wrong',
  nbf: 'not_yet_valid',
};

/** Signature and registered claims by jose. What it throws holds the claims, and goes nowhere. */
export const joseSignature: TokenSignature = {
  async verify(token, key, { issuer, audience, nowEpochMs }) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['RS256'],
        ...{ issuer, audience, currentDate: new Date(nowEpochMs) },
        clockTolerance: TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      return { ok: true, claims: payload };
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  },
};

const reasonOf = (error: unknown): CallerRefusal => {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (claim === 'exp' && reason === 'missing') return 'end_missing';
    return reason === 'invalid' ? 'claims_malformed' : (BY_CLAIM[claim] ?? 'claims_malformed');
  }
  if (error instanceof errors.JWTInvalid) return 'claims_malformed';
  return 'signature_wrong';
};
