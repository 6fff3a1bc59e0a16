import type { LogsQuery } from '../azure/ports.ts';
import { guidOf } from '../kernel/guid.ts';
import type { CredentialUse } from '../rotate/ports.ts';
import { isTableAbsent } from './useLogs.ts';

/** So that the lease of the rotation outlives it. */
const ASK_WITHIN_MS = 20_000;

/** The sign-in logs of service principals in a workspace, also of one that has no such table. */
export const credentialUse = (logs: LogsQuery): CredentialUse => ({
  async lastUses(appId, days, signal) {
    const application = guidOf(appId);
    // Nothing but a GUID may stand in the query.
    if (application === undefined) return { ok: true, lastUses: undefined };
    const answer = await logs.run(
      `AADServicePrincipalSignInLogs
| where AppId =~ "${application}" and tostring(ResultType) == "0"
| summarize LastUse = max(TimeGenerated) by KeyId = tolower(ServicePrincipalCredentialKeyId)`,
      `P${days}D`,
      AbortSignal.any([signal, AbortSignal.timeout(ASK_WITHIN_MS)]),
    );
    if (isTableAbsent(answer)) return { ok: true, lastUses: undefined };
    if (!answer.ok) {
      const { code, retryable, message, action, httpStatus, cause } = answer;
      return { ...failureOf(application, code, message), retryable, action, httpStatus, cause };
    }
    const { rows, incomplete } = answer;
    if (incomplete !== undefined)
      return {
        ...failureOf(application, 'partial', incomplete),
        retryable: true,
        action: 'Try again later.',
      };
    const uses = rows.flatMap(({ KeyId: keyId, LastUse: lastUse }) =>
      typeof keyId === 'string' && typeof lastUse === 'number' ? [[keyId, lastUse] as const] : [],
    );
    return { ok: true, lastUses: rows.length === 0 ? undefined : new Map(uses) };
  },
});

const failureOf = (application: string, code: string, why: string) => ({
  ok: false as const,
  code: `sign_in_logs_${code}`,
  message: `Who still uses the old secrets of application ${application} is not known, because the workspace with the sign-in logs gives the identity that rotates no answer: ${why}`,
});
