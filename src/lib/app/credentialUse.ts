import type { LogsQuery } from '../azure/ports.ts';
import type { CredentialUse } from '../rotate/ports.ts';

/**
 * The sign-in logs of service principals in a workspace. Both ids are GUIDs that were read as such, so that nothing
 * of a stranger is in the query.
 */
export const credentialUse = (logs: LogsQuery): CredentialUse => ({
  async lastUse(appId, keyId, days) {
    const answer = await logs.run(
      `AADServicePrincipalSignInLogs
| where AppId =~ "${appId}" and isnotempty(ServicePrincipalCredentialKeyId)
| summarize SignIns = count(), LastUse = maxif(TimeGenerated, ServicePrincipalCredentialKeyId =~ "${keyId}" and tostring(ResultType) == "0")`,
      `P${days}D`,
    );
    if (!answer.ok) return answer;
    const [{ SignIns: signIns = 0, LastUse: epochMs } = {}] = answer.rows;
    if (typeof epochMs === 'number') return { ok: true, used: { epochMs } };
    return { ok: true, used: Number(signIns) > 0 ? 'never' : 'unknown' };
  },
});
