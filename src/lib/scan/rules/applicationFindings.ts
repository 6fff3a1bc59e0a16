import type { Finding } from '../../credentials/findings.ts';
import type { DirectoryApplication } from '../../directory/rules/directoryApplication.ts';
import { lifetimeLimitOf, type ManagementPolicies } from '../../directory/rules/managementPolicies.ts';
import { isoDate } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { type ApplicationCredential, waitingSuccessorOf } from './applicationCredentials.ts';

/** Whoever counts a day more or less than the directory does not break a policy. */
const TOLERANCE_MS = DAY_MS;

/** A credential in force that the tenant would not let anybody make today. Of SAML Entra ID itself sets the life. */
export const overPolicy = (
  { kind, startEpochMs, endEpochMs }: ApplicationCredential,
  application: DirectoryApplication,
  policies: ManagementPolicies | undefined,
  nowEpochMs: number,
): Finding[] => {
  if (policies === undefined || kind === 'saml_certificate') return [];
  if (startEpochMs === undefined || endEpochMs === undefined || endEpochMs <= nowEpochMs) return [];
  const limit = lifetimeLimitOf(policies, application, kind === 'app_secret' ? 'secret' : 'certificate');
  const lifeMs = endEpochMs - startEpochMs;
  if (limit === undefined || lifeMs <= limit.mostMs + TOLERANCE_MS) return [];
  const [lives, allowed] = [lifeMs, limit.mostMs].map((ms) => Math.floor(ms / DAY_MS));
  const detail = `It lives ${lives} days, from ${isoDate(startEpochMs)} to ${isoDate(endEpochMs)}; ${limit.by} allows ${allowed}.`;
  return [{ code: 'lifetime_over_policy', detail }];
};

/** For a certificate that needs attention: earlier the new one waits by design, until the other side has it. */
export const successorWaits = (
  one: ApplicationCredential,
  all: readonly ApplicationCredential[],
  nowEpochMs: number,
): Finding[] => {
  const waiting = waitingSuccessorOf(one, all, nowEpochMs);
  if (waiting === undefined) return [];
  const end = waiting.endEpochMs === undefined ? 'has no end' : `ends on ${isoDate(waiting.endEpochMs)}`;
  const detail = `The newer certificate ${waiting.name}, which ${end}, is not active: give it to the other side and make it active.`;
  return [{ code: 'saml_successor_not_active', detail }];
};

/** For a secret that needs attention: the time to ask whether it is needed at all. */
export const besideFederation = ({ kind }: ApplicationCredential): Finding[] =>
  kind === 'app_secret'
    ? [
        {
          code: 'secret_beside_federation',
          detail:
            'Its application has federated credentials, which need no secret: if nothing signs in with this one any more, remove it instead of renewing it.',
        },
      ]
    : [];
