import { type CallersSettings, READ, RECONNECT, tokenRole } from '../callers/rules/roles.ts';
import { isLoopback } from '../kernel/vaultUrl.ts';
import type { IssueList } from './configIssue.ts';
import type { ConfigFile } from './file.ts';
import { SETTINGS, type Settings } from './settings.ts';

/** Who may call, adding whatever is wrong to `issues`; `undefined` where nobody may. */
export const readCallers = (
  { callers, grants = [] }: ConfigFile,
  issues: IssueList,
): CallersSettings | undefined => {
  const isFaulty = issues.found.some(({ where }) => where.includes(': callers'));
  for (const [index, { accessTokens, mode }] of grants.entries()) {
    if (accessTokens === undefined) continue;
    const where = `config file: grants[${index}].accessTokens`;
    if (mode === 'observed')
      issues.add(where, 'access tokens of an observed grant', 'a grant that Keywatch refreshes');
    if (callers === undefined && !isFaulty)
      issues.add(where, 'without "callers"', '"callers" with tenantId and clientId beside it');
  }
  if (callers === undefined) return undefined;
  const { tenantId, clientId, read = [], reconnect = [] } = callers;
  const tokens = grants.map(({ id, accessTokens }) => [tokenRole(id), accessTokens?.callers ?? []] as const);
  const listed = [[READ, read] as const, [RECONNECT, reconnect] as const, ...tokens];
  return { tenantId, clientId, roles: new Map(listed.map(([role, ids]) => [role, new Set(ids)])) };
};

/** Where browsers find this app: what redirects and links are made of. Adds what is wrong to `issues`. */
export const readPublicUrl = (
  { KEYWATCH_PUBLIC_URL: url, KEYWATCH_LOCAL: isLocal }: Settings,
  issues: IssueList,
): string | undefined => {
  if (url !== undefined && !isLocal && isLoopback(url))
    issues.add('KEYWATCH_PUBLIC_URL', `"${url}" outside of local mode`, SETTINGS.KEYWATCH_PUBLIC_URL.allowed);
  return url;
};
